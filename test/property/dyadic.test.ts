import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";
import { convolveArrays } from "../../compiler/algebra/array-maps.ts";
import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import { arrays, buildKernel, tapAt } from "../../compiler/algebra/arrays.ts";
import type { Island, Promised } from "../../compiler/ir/index.ts";
import { mergeArrays, runBranches, runMerged } from "../../compiler/ir/index.ts";
import { compileText } from "../support/compile-text.ts";
import { largestDifference } from "../support/largest-difference.ts";
import { randomBlocks, type RandomBlock } from "../support/random-block.ts";
import { drawInput, drawWeights, dyadic, ordinary, reading } from "../support/random-weights.ts";
import { foundBefore } from "./found-before.ts";

const dyadicBlocks = randomBlocks({ isDyadic: true, least: 1, most: 6 });
const anyBlocks = randomBlocks({ isDyadic: false, least: 1, most: 6 });

function prepare(block: RandomBlock, drawing = dyadic) {
  const { program, island } = compileText(block);
  const weight = reading(drawWeights(program.weights, drawing, block.seed));
  return { island, weight, x: drawInput(block.shape, 2, drawing, block.seed) };
}

describe("merged equals branched, in the reference interpretation", () => {
  it("on dyadic numbers bit by bit: borders, strides, biases, groups included", () => {
    fc.assert(
      fc.property(dyadicBlocks, (block) => {
        const { island, weight, x } = prepare(block);
        const branched = runBranches(island, x, weight).output;
        const merged = runMerged(island, x, weight);
        expect(largestDifference(merged, branched)).toBe(0);
        if (block.text.includes("pad:")) return;
        const sides = [x.height, x.width].map((side) => Math.ceil(side / block.stride));
        expect([merged.height, merged.width]).toEqual(sides);
      }),
      { numRuns: 250, examples: [...foundBefore] },
    );
  });

  it("on any numbers up to float64's rounding", () => {
    fc.assert(
      fc.property(anyBlocks, (block) => {
        const { island, weight, x } = prepare(block, ordinary);
        const branched = runBranches(island, x, weight).output;
        const merged = runMerged(island, x, weight);
        const scale = Math.max(1, ...branched.data.map(Math.abs));
        expect(largestDifference(merged, branched) / scale).toBeLessThan(1e-11);
      }),
      { numRuns: 100, examples: [...foundBefore] },
    );
  });
});

interface Mutation {
  readonly name: string;
  change(kernel: ArrayKernel, bias: Float64Array): readonly [ArrayKernel, Float64Array];
}

/** Mistakes that merges really make. */
const mutations: readonly Mutation[] = [
  {
    name: "flips the kernel",
    change: (kernel, bias) => [
      buildKernel(kernel, (row, column, input, output) =>
        tapAt(kernel, kernel.height - 1 - row, kernel.width - 1 - column, input, output),
      ),
      bias,
    ],
  },
  {
    name: "shifts the kernel by one tap",
    change: (kernel, bias) => [arrays.embed(kernel, { ...kernel, top: 1, left: 0 }), bias],
  },
  { name: "drops the bias", change: (kernel, bias) => [kernel, bias.map(() => 0)] },
  {
    name: "confuses groups",
    change: (kernel, bias) => [
      buildKernel(kernel, (row, column, input, output) =>
        tapAt(kernel, row, column, kernel.in - 1 - input, output),
      ),
      bias,
    ],
  },
];

const mutable: RandomBlock = {
  text: `block Sample => conv(3x3, groups: 2, bias: true) {
  branch dense = conv(3x3)
  branch deep = conv(1x1) -> bn(epsilon: 0.0) -> conv(1x3)
}`,
  entry: "Sample(4)",
  shape: [5, 4, 4],
  stride: 1,
  seed: 7,
};

/** One row of taps, as many on both sides of the middle. */
function promisedRow({ promised }: Pick<Island, "promised">, beside: number): Promised {
  const sides = [0, 0, beside, beside] as const;
  return { ...promised, size: { height: 1, width: 2 * beside + 1 }, extent: sides, pads: sides };
}

describe("the comparison can fail", () => {
  const { island, weight, x } = prepare(mutable);
  const branched = runBranches(island, x, weight).output;
  const { kernel, bias } = mergeArrays(island, weight);
  const runWith = (k: ArrayKernel, b: Float64Array): ArrayMap =>
    convolveArrays(x, k, b, island.promised);

  it("not for the right merge", () => {
    expect(largestDifference(runWith(kernel, bias), branched)).toBe(0);
  });

  it.each(mutations)("for a merge that $name", ({ change }) => {
    expect(largestDifference(runWith(...change(kernel, bias)), branched)).toBeGreaterThan(0.1);
  });

  it("for padding at each convolution, as soon as a bias stands before a spatial op", () => {
    const [chain] = island.body.kind === "sum" ? island.body.terms.slice(1) : [];
    const steps = chain?.map.kind === "chain" ? chain.map.steps : [];
    expect(steps).toHaveLength(3);
    const alone = (index: number) => ({
      body: steps[index]!,
      promised: promisedRow(island, index === 2 ? 1 : 0),
    });
    const naive = [0, 1, 2].reduce((at, n) => runBranches(alone(n), at, weight).output, x);
    const body = { body: chain!.map, promised: promisedRow(island, 1) };
    expect(largestDifference(naive, runMerged(body, x, weight))).toBeGreaterThan(0.1);
  });
});
