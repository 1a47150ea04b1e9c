import { describe, expect, it } from "vitest";
import type { Affine, AffineStep, IslandBody } from "../../compiler/ir/index.ts";
import { runBranchesOver } from "../../compiler/ir/index.ts";
import { derivedRule, proveIsland, type ProofTask } from "../../compiler/prove/index.ts";
import { mapTree } from "./map-tree.ts";
import { blockOf, seed } from "./prove-text-block.ts";

interface WrongTree {
  readonly name: string;
  readonly branches: readonly string[];
  readonly promise?: string;
  /** The island from which a wrong rule is derived. */
  change(island: IslandBody): IslandBody;
}

/** Changes every node that the change is about. */
const inBody = (change: (map: Affine) => Affine) => (island: IslandBody) => ({
  ...island,
  body: mapTree(island.body, change),
});

/** Mistakes in putting ops together. */
const wrongTrees: readonly WrongTree[] = [
  {
    name: "composes a chain back to front",
    branches: ["conv(1x1, bias: true) -> conv(3x3) -> bn"],
    change: inBody((map) =>
      map.kind === "chain" ? { ...map, steps: map.steps.toReversed() } : map,
    ),
  },
  {
    name: "adds what is to be subtracted",
    branches: ["(conv(3x3) - bn)"],
    change: inBody((map) =>
      map.kind === "sum" ? { ...map, terms: map.terms.map((term) => ({ ...term, sign: 1 })) } : map,
    ),
  },
  {
    name: "forgets a branch",
    branches: ["conv(3x3)", "conv(1x1)"],
    change: inBody((map) => (map.kind === "sum" ? { ...map, terms: map.terms.slice(0, 1) } : map)),
  },
  {
    name: "joins the parts of a split in the wrong order",
    branches: ["split(conv(3x3), conv(3x3))"],
    change: inBody((map) =>
      map.kind === "split" ? { ...map, parts: map.parts.toReversed() } : map,
    ),
  },
  {
    name: "lets the parts of a split see the whole input's beginning",
    branches: ["split(conv(3x3, out: 2), conv(3x3, out: 2))"],
    change: inBody((map) =>
      map.kind === "split" ? { ...map, parts: map.parts.map(() => map.parts[0] ?? map) } : map,
    ),
  },
  {
    name: "forgets that a kernel is turned",
    branches: ["flip(conv(3x3))"],
    change: inBody((map) => withSteps(map, (step) => ({ ...step, isFlipped: false }))),
  },
  {
    name: "forgets the anchor of a kernel",
    branches: ["conv(3x3)", "conv(2x2, anchor: 1x1)"],
    change: inBody((map) =>
      withSteps(map, (step) => {
        const { height = 0 } = (step.params["size"] ?? {}) as { height?: number };
        const anchor = { height: 2, width: 2 };
        return height === 2 ? { ...step, params: { ...step.params, anchor } } : step;
      }),
    ),
  },
  {
    name: "forgets that a kernel is more dilated than its promise",
    branches: ["conv(3x3)", "conv(3x3, dilation: 4)"],
    promise: "conv(5x5, dilation: 2)",
    change: inBody((map) =>
      withSteps(map, (step) =>
        step.params["dilation"] === 4 ? { ...step, params: { ...step.params, dilation: 2 } } : step,
      ),
    ),
  },
  {
    name: "puts a smaller kernel two taps too high in a dilated one",
    branches: ["conv(3x3)", "conv(5x5)"],
    promise: "conv(5x5, dilation: 2)",
    change: inBody((map) =>
      withSteps(map, (step) => {
        const { height = 0 } = (step.params["size"] ?? {}) as { height?: number };
        const anchor = { height: 3, width: 2 };
        return height === 3 ? { ...step, params: { ...step.params, anchor } } : step;
      }),
    ),
  },
  {
    name: "puts the whole kernel one row too low",
    branches: ["conv(1x1)"],
    change: (island) => ({ ...island, promised: { ...island.promised, extent: [2, 0, 1, 1] } }),
  },
];

function withSteps(map: Affine, change: (step: AffineStep) => AffineStep): Affine {
  return mapTree(map, (node) => (node.kind === "step" ? change(node) : node));
}

describe("a rule that", () => {
  it.each(wrongTrees)("$name is refuted", ({ branches, promise, change }) => {
    const block = blockOf(branches, promise === undefined ? {} : { promise });
    expect(proveIsland(block, seed).refutation).toBeUndefined();
    const rule = derivedRule(change(block.island));
    expect(proveIsland({ ...block, rule }, seed).refutation).toMatchObject({ kind: "value" });
  });
});

/** Branches as many frameworks run them: every convolution pads its own input. */
const padInside: NonNullable<ProofTask["branches"]> = (field, { body, promised }, x, weight) => {
  const [branch] = body.kind === "sum" ? body.terms : [];
  const steps = branch?.map.kind === "chain" ? branch.map.steps : [];
  return steps.reduce((at, step) => {
    if (step.kind !== "step") throw new Error("The test runs chains of steps only");
    const size = step.op.taps(step.params as never);
    const [above, before] = [(size.height - 1) / 2, (size.width - 1) / 2];
    const pads = [above, above, before, before] as const;
    const alone = { ...promised, size, extent: pads, pads };
    return runBranchesOver(field, { body: step, promised: alone }, at, weight);
  }, x);
};

describe("padding inside a branch", () => {
  it("is refuted at the border as soon as a bias stands before a kernel", () => {
    const block = blockOf(["conv(1x1, bias: true) -> conv(3x3)"]);
    const { refutation } = proveIsland({ ...block, branches: padInside }, seed);
    expect(refutation).toMatchObject({ kind: "value", at: [0, 0, 0], isAtBorder: true, trial: 1 });
  });

  it("is right where nothing but zeros is padded", () => {
    const block = blockOf(["conv(1x1) -> conv(3x3) -> bn"]);
    expect(proveIsland({ ...block, branches: padInside }, seed).refutation).toBeUndefined();
  });
});

it("a dilation that the merged convolution forgets is refuted by the shape", () => {
  const { island, ...block } = blockOf(["conv(3x3)"], { promise: "conv(3x3, dilation: 2)" });
  expect(proveIsland({ ...block, island }, seed).refutation).toBeUndefined();
  const dense = { ...island, promised: { ...island.promised, dilation: 1 } };
  const { refutation } = proveIsland({ ...block, island: dense }, seed);
  expect(refutation).toMatchObject({ kind: "shape", trial: 1 });
});

it("a stride that the branches forget is refuted by the shape", () => {
  const block = blockOf(["conv(3x3)"], { promise: "conv(3x3, stride: 2)" });
  expect(proveIsland(block, seed).refutation).toBeUndefined();
  const branches: NonNullable<ProofTask["branches"]> = (field, island, x, weight) =>
    runBranchesOver(field, { ...island, promised: { ...island.promised, stride: 1 } }, x, weight);
  const { refutation } = proveIsland({ ...block, branches }, seed);
  expect(refutation).toMatchObject({ kind: "shape", trial: 1 });
  expect(refutation?.shapes.branches).not.toEqual(refutation?.shapes.merged);
});

it("a difference at one corner, in one channel, is found and named", () => {
  const block = blockOf(["conv(3x3)"]);
  const branches: NonNullable<ProofTask["branches"]> = (field, island, x, weight) => {
    const right = runBranchesOver(field, island, x, weight);
    const data = right.data.slice();
    data[data.length - 1] = field.add(data.at(-1)!, field.one);
    return { ...right, data };
  };
  const { refutation, map } = proveIsland({ ...block, branches }, seed);
  expect(refutation?.at).toEqual([map.height - 1, map.width - 1, 3]);
  expect(refutation?.isAtBorder).toBe(true);
});
