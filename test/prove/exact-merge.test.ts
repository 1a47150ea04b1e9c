import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicOf, dyadics, numberOf } from "../../compiler/algebra/dyadic.ts";
import { float64 } from "../../compiler/algebra/float64.ts";
import { kernelAlgebraOver, type RingKernel } from "../../compiler/algebra/ring-kernels.ts";
import { mergeArrays, runBranches } from "../../compiler/ir/index.ts";
import { compareWithExact, derivedRule, leafValue } from "../../compiler/prove/index.ts";
import { unitInLastPlace, unitOfDyadic } from "../../compiler/prove/units-in-last-place.ts";
import { drawWeights, dyadic, ordinary, reading, type Drawing } from "../support/random-weights.ts";
import { blockOf } from "./prove-text-block.ts";

const branches = ["conv(3x3) -> bn", "conv(1x1) -> bn -> conv(3x3, bias: true)", "identity -> bn"];

function prepare(drawing: Drawing, chains = branches) {
  const { island, program } = blockOf(chains);
  const weight = reading(drawWeights(program.weights, drawing, 3));
  const { kernel, bias } = mergeArrays(island, weight);
  const merged = { kernel: Float32Array.from(kernel.data), bias: Float32Array.from(bias) };
  return { island, weight, merged };
}

/** The float32 number so many places further from zero. */
function stepped(value: number, places: number): number {
  const bits = new Int32Array(Float32Array.of(value).buffer);
  bits[0]! += places;
  return new Float32Array(bits.buffer)[0]!;
}

describe("the exact merge against a float32 merge", () => {
  it("finds half a unit at most where the float32 numbers are the nearest ones", () => {
    const { island, weight, merged } = prepare(ordinary);
    const error = compareWithExact(island, weight, merged);
    expect(error.ofValue.ulps).toBeLessThanOrEqual(0.5);
    expect(error.ofValue.ulps).toBeGreaterThan(0.4);
    expect(error.nearest).toBe(error.numbers);
    expect(error.numbers).toBe(3 * 3 * 4 * 4 + 4);
  });

  it("finds nothing where no rounding happens", () => {
    const chains = branches.map((chain) => chain.replaceAll("bn", "bn(epsilon: 0.0)"));
    const { island, weight, merged } = prepare(dyadic, chains);
    const { ofValue, ofTerms, nearest, numbers } = compareWithExact(island, weight, merged);
    expect([ofValue.ulps, ofTerms.ulps, nearest]).toEqual([0, 0, numbers]);
  });

  it("says where the worst number is, and how many places it is off", () => {
    fc.assert(
      fc.property(
        fc.record({
          tensor: fc.constantFrom("kernel", "bias"),
          row: fc.integer({ min: 0, max: 2 }),
          column: fc.integer({ min: 0, max: 2 }),
          input: fc.integer({ min: 0, max: 3 }),
          output: fc.integer({ min: 0, max: 3 }),
          places: fc.integer({ min: 3, max: 1000 }),
        }),
        ({ tensor, row, column, input, output, places }) => {
          const { island, weight, merged } = prepare(ordinary);
          const index = tensor === "bias" ? [output] : [row, column, input, output];
          const place = index.reduce((at, n, axis) => at * (axis < 2 ? 3 : 4) + n, 0);
          const numbers = merged[tensor as "kernel" | "bias"];
          const right = numbers[place]!;
          numbers[place] = stepped(right, places);
          const error = compareWithExact(island, weight, merged);
          expect(error.ofValue.at).toEqual({ tensor, index });
          expect(error.nearest).toBe(error.numbers - 1);
          const { ulps, merged: found, exact } = error.ofValue;
          expect(found).toBe(numbers[place]);
          expect(Math.fround(exact)).toBe(right);
          // The next power of two may lie between.
          expect(ulps).toBeGreaterThan(places - 0.6);
          expect(ulps).toBeLessThan(2 * places + 1);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("measures in the terms where they cancel", () => {
    const { island, program } = blockOf(["conv(1x1)", "conv(1x1)"], {
      channels: 1,
      promise: "conv(1x1)",
    });
    const [first, second] = program.weights.map(({ path }) => path);
    const numbers = new Map([
      [first!, Float64Array.of(1)],
      [second!, Float64Array.of(-1 + 2 ** -24)],
    ]);
    const off = { kernel: Float32Array.of(2 ** -23), bias: Float32Array.of(0) };
    const { ofValue, ofTerms } = compareWithExact(island, reading(numbers), off);
    expect(ofValue).toMatchObject({ exact: 2 ** -24, merged: 2 ** -23, ulps: 2 ** 23 });
    // The terms' magnitudes add up to just below 2, whose unit is 2^-23.
    expect(ofTerms.ulps).toBe(0.5);
  });

  it("decides exactly on which side of half a unit a number lies", () => {
    const options = { channels: 1, promise: "conv(1x1)" };
    const { island, program } = blockOf(["conv(1x1)", "conv(1x1)", "conv(1x1)"], options);
    const paths = program.weights.map(({ path }) => path);
    for (const [last, nearest] of [
      [2 ** -100, 1],
      [0, 2],
      [-(2 ** -100), 2],
    ] as const) {
      const numbers = new Map(
        paths.map((path, n) => [path, Float64Array.of([1, 2 ** -24, last][n]!)]),
      );
      const merged = { kernel: Float32Array.of(1), bias: Float32Array.of(0) };
      const error = compareWithExact(island, reading(numbers), merged);
      expect(error.nearest).toBe(nearest);
      expect(error.ofValue.ulps).toBeCloseTo(0.5, 8);
    }
  });

  it("is exact: on large and tiny numbers it is the same as rational arithmetic, where float64 is not", () => {
    const { island, program } = blockOf(["conv(1x1)", "conv(1x1)", "conv(1x1)"], {
      channels: 1,
      promise: "conv(1x1)",
    });
    const [a, b, c] = program.weights.map(({ path }) => path);
    const numbers = new Map([
      [a!, Float64Array.of(2 ** 100)],
      [b!, Float64Array.of(-(2 ** 100))],
      [c!, Float64Array.of(2 ** -120)],
    ]);
    const rule = derivedRule(island);
    const exact = rule(kernelAlgebraOver(dyadics), (leaf) =>
      leafValue(leaf, (path) => Array.from(numbers.get(path)!, dyadicOf)),
    );
    expect(numberOf((exact.kernel as RingKernel<ReturnType<typeof dyadicOf>[]>).data[0]!)).toBe(
      2 ** -120,
    );
    const off = { kernel: Float32Array.of(0), bias: Float32Array.of(0) };
    expect(compareWithExact(island, reading(numbers), off).ofValue.exact).toBe(2 ** -120);
  });
});

it("dyadic numbers run branches as float64 does, wherever float64 does not round", () => {
  const chains = branches.map((chain) => chain.replaceAll("bn", "bn(epsilon: 0.0)"));
  const { island, weight } = prepare(dyadic, chains);
  const rounded = derivedRule(island)(kernelAlgebraOver(float64), (leaf) =>
    leafValue(leaf, weight),
  );
  const exact = derivedRule(island)(kernelAlgebraOver(dyadics), (leaf) =>
    leafValue(leaf, (path) => Array.from(weight(path), dyadicOf)),
  );
  expect(exact.bias.map(numberOf)).toEqual([...(rounded.bias as Float64Array)]);
  const x = { batch: 1, height: 1, width: 1, channels: 4, data: Float64Array.of(0, 0, 0, 0) };
  // All padding but one zero: what is left of the branches is the bias.
  expect([...runBranches(island, x, weight).output.data]).toEqual(exact.bias.map(numberOf));
});

describe("a unit in the last place", () => {
  it("is the distance to the next float32 number", () => {
    const floats = fc.float({
      noNaN: true,
      noDefaultInfinity: true,
      max: Math.fround(1e38),
      min: 0,
    });
    fc.assert(
      fc.property(floats, (value) => {
        expect(unitInLastPlace(value)).toBe(stepped(value, 1) - value);
        expect(unitInLastPlace(-value)).toBe(unitInLastPlace(value));
      }),
    );
  });

  it("is that of the exact number where float64 rounds it to a power of two", () => {
    const below = dyadics.subtract(dyadicOf(2), dyadicOf(2 ** -80));
    expect(numberOf(below)).toBe(2);
    expect(unitOfDyadic(below, 2)).toBe(2 ** -23);
    expect(unitOfDyadic(dyadics.negate(below), -2)).toBe(2 ** -23);
    expect(unitOfDyadic(dyadicOf(2), 2)).toBe(2 ** -22);
    expect(unitOfDyadic(dyadics.zero, 0)).toBe(2 ** -149);
  });
});
