import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import type { AffineStep, Promised } from "../../compiler/ir/index.ts";
import {
  declarationsOf,
  extentOf,
  greatestCommonDivisor,
  hasKernel,
  latticeOf,
  mergeArrays,
  runBranches,
  runMerged,
  tapsAlong,
  weightsOf,
  wholeTaps,
} from "../../compiler/ir/index.ts";
import type { AnyAffineOp } from "../../compiler/ops/index.ts";
import { ops } from "../../compiler/ops/index.ts";
import { largestDifference, magnitude } from "../support/largest-difference.ts";
import { chainOf, randomSteps } from "../support/random-step.ts";
import { drawInput, drawWeights, dyadic, reading } from "../support/random-weights.ts";

const affineOps = ops.filter((op): op is AnyAffineOp => op.kind === "affine");

const geometries = fc.record({
  stride: fc.constantFrom(1, 2, 3),
  height: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 5 }),
  seed: fc.nat(1_000_000),
});
type Geometry = typeof geometries extends fc.Arbitrary<infer T> ? T : never;

/** A chain as a block by itself that pads once and promises what it reaches. */
function islandOf(steps: readonly AffineStep[], stride: number) {
  const body = chainOf(...steps);
  const extent = extentOf(body);
  const groups = steps
    .filter(hasKernel)
    .map((step) => step.op.groups(step.params, { in: step.in, out: step.out }))
    .reduce(greatestCommonDivisor, 0);
  const dilation = Math.max(1, latticeOf(body));
  const promised: Promised = {
    size: tapsAlong(extent, dilation),
    extent,
    dilation,
    stride: hasKernel(body) ? stride : 1,
    groups: Math.max(1, groups),
    pads: wholeTaps(extent),
  };
  return { body, promised };
}

function isDyadic({ kernel, bias }: ReturnType<typeof mergeArrays>): boolean {
  return [...kernel.data, ...bias].every((number) => Number.isInteger(number * 2 ** 12));
}

/** Law L2 for a chain. Where all that the ops multiply and add is small and dyadic, so are all sums: then bit by bit. */
function compareRuns(steps: readonly AffineStep[], { stride, height, width, seed }: Geometry) {
  const island = islandOf(steps, stride);
  const weight = reading(drawWeights(weightsOf(island.body), dyadic, seed));
  const x = drawInput([height, width, island.body.in], 2, dyadic, seed);
  const branched = runBranches(island, x, weight).output;
  const merged = runMerged(island, x, weight);
  const difference = largestDifference(merged, branched);
  const isExact = steps.every((step) => isDyadic(mergeArrays(islandOf([step], 1), weight)));
  if (isExact) expect(difference).toBe(0);
  else expect(difference / Math.max(1, magnitude(branched.data))).toBeLessThan(1e-13);
  return isExact;
}

describe.each(affineOps.map((op) => [op.name, op] as const))("%s", (_, op) => {
  it("L1: weights, kernel and output have the declared shapes", () => {
    fc.assert(
      fc.property(randomSteps(op), geometries, (step, { stride, height, width, seed }) => {
        const island = islandOf([step], stride);
        const weight = reading(drawWeights(weightsOf(step), dyadic, seed));
        const x = drawInput([height, width, step.in], 2, dyadic, seed);
        const { output } = runBranches(island, x, weight);
        const positions = [height, width].map((side) => Math.ceil(side / island.promised.stride));
        expect([output.batch, output.height, output.width]).toEqual([2, ...positions]);
        expect(output.channels).toBe(step.out);
        for (const { shape, groups, kind } of Object.values(declarationsOf(step))) {
          if (kind === "vector") expect(shape).toEqual([step.out]);
          else expect(shape.slice(2)).toEqual([step.in / groups, step.out]);
        }
        const kernel: ArrayKernel = mergeArrays(island, weight).kernel;
        const { height: rows, width: columns } = op.taps(step.params as never);
        expect([kernel.height, kernel.width]).toEqual([rows, columns]);
        expect([kernel.in * kernel.groups, kernel.out]).toEqual([step.in, step.out]);
      }),
      { numRuns: 60 },
    );
  });

  it("L2: alone, equals one convolution with its kernel, borders included", () => {
    fc.assert(
      fc.property(randomSteps(op), geometries, (step, geometry) => {
        compareRuns([step], geometry);
      }),
      { numRuns: 60 },
    );
  });

  it("L2: between other ops, equals one convolution with the composed kernel", () => {
    const others = fc
      .constantFrom(...affineOps)
      .chain((other) => fc.record({ step: randomSteps(other), isBefore: fc.boolean() }));
    let exact = 0;
    fc.assert(
      fc.property(randomSteps(op), others, geometries, (step, { step: other, isBefore }, at) => {
        const [first, second] = isBefore ? [other, step] : [step, other];
        fc.pre(first.out === second.in);
        const steps = [
          { ...first, path: "first" },
          { ...second, path: "second" },
        ];
        if (compareRuns(steps, at)) exact += 1;
      }),
      { numRuns: 80, maxSkipsPerRun: 1000 },
    );
    expect(exact, "chains compared bit by bit").toBeGreaterThan(10);
  });
});

it("there are affine ops to hold to the laws", () => {
  expect(affineOps.length).toBeGreaterThan(5);
});
