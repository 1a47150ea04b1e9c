import { describe, expect, it } from "vitest";
import type { KernelAlgebra } from "../../compiler/algebra/kernel-algebra.ts";
import type { AffineStep } from "../../compiler/ir/index.ts";
import { ops, type AnyAffineOp, type Linear } from "../../compiler/ops/index.ts";
import { derivedRule, proveIsland } from "../../compiler/prove/index.ts";
import { mapTree } from "./map-tree.ts";
import { blockOf, seed } from "./prove-text-block.ts";

interface WrongOp {
  readonly mistake: string;
  readonly branch: string;
  readonly promise?: string;
  /** What a wrong rule takes for the op's map. */
  change<K, V>(
    right: Linear<K, V>,
    algebra: KernelAlgebra<K, V>,
    step: Pick<AffineStep, "in" | "out">,
    weights: Readonly<Record<string, V>>,
  ): Linear<K, V>;
}

const frame = { height: 3, width: 3, top: 1, left: 0 };

/** For every affine op a merge rule that forgets or confuses something, in a block that uses it. */
const wrongOps: Readonly<Record<string, WrongOp>> = {
  affine: {
    mistake: "its offset is forgotten",
    branch: "conv(3x3) -> affine",
    change: ({ scale }) => (scale === undefined ? {} : { scale }),
  },
  avg: {
    mistake: "it sums up",
    branch: "conv(1x1) -> avg(3x1)",
    promise: "conv(3x1)",
    change: ({ kernel }, algebra, { out }) => ({
      kernel: algebra.scaleOut(given(kernel), algebra.fill(3, out)),
    }),
  },
  bn: {
    mistake: "its mean is forgotten",
    branch: "conv(3x3) -> bn",
    change: ({ scale }, _, __, { beta }) => ({ scale: given(scale), bias: beta }),
  },
  conv: {
    mistake: "its kernel lies one row too low",
    branch: "conv(3x3)",
    change: ({ kernel }, algebra) => ({ kernel: algebra.embed(given(kernel), frame) }),
  },
  dense: {
    mistake: "its bias is forgotten",
    branch: "dense(4)",
    promise: "conv(1x1)",
    change: ({ kernel }) => ({ kernel: given(kernel) }),
  },
  depthwise: {
    mistake: "its kernel is turned",
    branch: "depthwise(3x3) -> conv(1x1)",
    change: ({ kernel }, algebra) => ({ kernel: algebra.flip(given(kernel)) }),
  },
  filter: {
    mistake: "its cosines are turned",
    branch: "conv(1x1) -> filter(dct(3x3))",
    change: ({ kernel }, algebra) => ({ kernel: algebra.flip(given(kernel)) }),
  },
  identity: {
    mistake: "it counts twice",
    branch: "(conv(3x3) + identity)",
    change: (_, algebra, { out }) => ({ scale: algebra.fill(2, out) }),
  },
  negate: {
    mistake: "it keeps the sign",
    branch: "conv(3x3) -> negate",
    change: () => ({}),
  },
  scale: {
    mistake: "its factor is an offset",
    branch: "conv(3x3) -> scale",
    change: ({ scale }) => ({ bias: scale }),
  },
  slice: {
    mistake: "it begins with the first channel",
    branch: "slice(1, 2) -> conv(3x3)",
    change: (_, algebra, step) => ({ kernel: algebra.select(step.in, 0, step.out) }),
  },
};

function given<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The op has no such part");
  return value;
}

/** The op with a mistake. */
function mistaken(op: AnyAffineOp, change: WrongOp["change"]): AnyAffineOp {
  return {
    ...op,
    affine: (algebra, weights, params, channels) => {
      const right = op.affine(algebra, weights, params, channels);
      return change(right, algebra, channels, weights as never);
    },
  };
}

describe.each(Object.entries(wrongOps))("%s", (name, { branch, promise, mistake, change }) => {
  const block = blockOf([branch], promise === undefined ? {} : { promise });
  const { island } = block;

  it("is proved as it is, as recorded and as derived", () => {
    expect(proveIsland(block, seed).refutation).toBeUndefined();
    expect(proveIsland({ ...block, rule: derivedRule(island) }, seed).refutation).toBeUndefined();
  });

  it(`is refuted where ${mistake}`, () => {
    let count = 0;
    const body = mapTree(island.body, (step) => {
      if (step.kind !== "step" || step.op.name !== name) return step;
      count += 1;
      return { ...step, op: mistaken(step.op, change) };
    });
    expect(count, "uses of the op").toBeGreaterThan(0);
    const proof = proveIsland({ ...block, rule: derivedRule({ ...island, body }) }, seed);
    expect(proof.refutation).toMatchObject({ kind: "value", trial: 1 });
  });
});

it("every affine op has its mistake", () => {
  const affineOps = ops.filter((op) => op.kind === "affine");
  expect(Object.keys(wrongOps).toSorted()).toEqual(affineOps.map((op) => op.name).toSorted());
});
