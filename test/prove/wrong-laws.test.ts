import { describe, expect, it } from "vitest";
import { arrays } from "../../compiler/algebra/arrays.ts";
import type { KernelAlgebra } from "../../compiler/algebra/kernel-algebra.ts";
import { proveIsland, type MergeRule } from "../../compiler/prove/index.ts";
import { blockOf, seed } from "./prove-text-block.ts";

interface WrongLaw {
  readonly mistake: string;
  readonly branches: readonly string[];
  readonly promise?: string;
  change<K, V>(right: KernelAlgebra<K, V>): Partial<KernelAlgebra<K, V>>;
}

const bn = ["conv(3x3) -> bn"];
const declarations = "kernel Rows = [[1, 0, -1], [2, 0, -2], [1, 0, 3]]";

/** For every method of the algebra a mistake that somebody could make, in a block that uses it. */
const wrongLaws: Readonly<Record<keyof KernelAlgebra<never, never>, WrongLaw>> = {
  identity: {
    mistake: "the skip counts negatively",
    branches: ["conv(3x3)", "identity"],
    change: (right) => ({ identity: (n, groups) => right.negateKernel(right.identity(n, groups)) }),
  },
  fixed: {
    mistake: "the filter is upside down",
    branches: ["conv(1x1) -> filter(Rows)"],
    change: (right) => ({
      fixed: (tables, n) =>
        right.fixed(
          tables.map((table) => table.toReversed()),
          n,
        ),
    }),
  },
  select: {
    mistake: "channels are taken from the first on",
    branches: ["slice(1, 3) -> conv(3x3)"],
    change: (right) => ({ select: (n, _, count) => right.select(n, 0, count) }),
  },
  fill: {
    mistake: "the constant loses its sign",
    branches: ["conv(3x3) -> negate"],
    change: (right) => ({ fill: (value, n) => right.fill(-value, n) }),
  },
  scaleOut: {
    mistake: "the factor is forgotten",
    branches: ["conv(3x3) -> scale"],
    change: () => ({ scaleOut: (kernel) => kernel }),
  },
  scaleIn: {
    mistake: "a factor in front scales the outputs",
    branches: ["scale -> conv(3x3)"],
    change: (right) => ({ scaleIn: (kernel, v) => right.scaleOut(kernel, v) }),
  },
  addKernels: {
    mistake: "a branch is forgotten",
    branches: ["conv(3x3)", "conv(3x3)"],
    change: () => ({ addKernels: (a) => a }),
  },
  negateKernel: {
    mistake: "a difference is a sum",
    branches: ["(conv(3x3) - conv(1x1))"],
    change: () => ({ negateKernel: (kernel) => kernel }),
  },
  embed: {
    mistake: "the small kernel lies one row too high",
    branches: ["conv(3x3)", "conv(1x1)"],
    change: (right) => ({ embed: (kernel, frame) => right.embed(kernel, { ...frame, top: 0 }) }),
  },
  flip: {
    mistake: "the kernel is not turned",
    branches: ["flip(conv(3x3))"],
    change: () => ({ flip: (kernel) => kernel }),
  },
  dilate: {
    mistake: "the dilated kernel is turned",
    branches: ["conv(3x3, dilation: 2)"],
    promise: "conv(5x5)",
    change: (right) => ({ dilate: (kernel, by) => right.flip(right.dilate(kernel, by)) }),
  },
  regroup: {
    mistake: "the blocks lie beside the diagonal",
    branches: ["conv(3x3)", "conv(3x3, groups: 2)"],
    change: (right) => ({
      regroup: (kernel, from, to) => {
        const halves = [right.select(4, 2, 2), right.select(4, 0, 2)];
        return right.compose(right.joinKernels(halves, 1), right.regroup(kernel, from, to), to);
      },
    }),
  },
  compose: {
    mistake: "the second comes first",
    branches: ["conv(1x1) -> conv(3x3)"],
    change: (right) => ({ compose: (a, b, groups) => right.compose(b, a, groups) }),
  },
  spread: {
    mistake: "the depthwise kernel is turned",
    branches: ["conv(1x1) -> depthwise(3x3)"],
    change: (right) => ({ spread: (point, deep) => right.spread(point, right.flip(deep)) }),
  },
  mix: {
    mistake: "the depthwise kernel is turned",
    branches: ["depthwise(3x3, multiplier: 2) -> conv(1x1)"],
    change: (right) => ({
      mix: (grouped, point, groups) => right.mix(right.flip(grouped), point, groups),
    }),
  },
  carry: {
    mistake: "a bias in front of a convolution is forgotten",
    branches: ["conv(1x1, bias: true) -> conv(3x3)"],
    change: (right) => ({
      carry: (v, kernel, groups) => {
        const carried = right.carry(v, kernel, groups);
        return right.subtract(carried, carried);
      },
    }),
  },
  joinKernels: {
    mistake: "the parts are joined in the wrong order",
    branches: ["concat(conv(3x3, out: 2), conv(3x3, out: 2))"],
    change: (right) => ({
      joinKernels: (parts, groups) => right.joinKernels(parts.toReversed(), groups),
    }),
  },
  joinVectors: {
    mistake: "the biases are joined in the wrong order",
    branches: ["concat(conv(3x3, out: 2, bias: true), conv(3x3, out: 2, bias: true))"],
    change: (right) => ({ joinVectors: (parts) => right.joinVectors(parts.toReversed()) }),
  },
  add: {
    mistake: "the second bias is forgotten",
    branches: ["conv(3x3, bias: true)", "conv(1x1, bias: true)"],
    change: () => ({ add: (a) => a }),
  },
  subtract: {
    mistake: "the mean is added",
    branches: bn,
    change: (right) => ({ subtract: (a, b) => right.add(a, b) }),
  },
  multiply: {
    mistake: "gamma is used without the deviation",
    branches: bn,
    change: () => ({ multiply: (a) => a }),
  },
  negate: {
    mistake: "the bias of what is subtracted is added",
    branches: ["(conv(3x3) - conv(1x1, bias: true))"],
    change: () => ({ negate: (a) => a }),
  },
  reciprocalRoot: {
    mistake: "epsilon is forgotten",
    branches: bn,
    change: (right) => ({ reciprocalRoot: (v) => right.reciprocalRoot(v, 0) }),
  },
};

function changed(rule: MergeRule, change: WrongLaw["change"]): MergeRule {
  return <K, V>(algebra: KernelAlgebra<K, V>, read: Parameters<typeof rule<K, V>>[1]) =>
    rule({ ...algebra, ...change(algebra) }, read);
}

describe.each(Object.entries(wrongLaws))("%s", (_, { mistake, branches, promise, change }) => {
  const block = blockOf(branches, { declarations, ...(promise !== undefined && { promise }) });

  it("is proved as it is", () => {
    const { refutation, boundExponent, degree, trials } = proveIsland(block, seed);
    expect(refutation).toBeUndefined();
    expect(boundExponent).toBeLessThan(-60);
    expect(degree).toBeGreaterThan(0);
    expect(trials).toBe(3);
  });

  it(`is refuted where ${mistake}`, () => {
    const proof = proveIsland({ ...block, rule: changed(block.rule, change) }, seed);
    expect(proof.refutation).toMatchObject({ kind: "value", trial: 1 });
    expect(proof.boundExponent).toBe(0);
  });
});

it("every law of the algebra has its mistake", () => {
  expect(Object.keys(wrongLaws).toSorted()).toEqual(Object.keys(arrays).toSorted());
});
