import { dyadicOf, dyadics, numberOf, type Dyadic } from "../algebra/dyadic.ts";
import { magnitudes } from "../algebra/magnitudes.ts";
import { kernelAlgebraOver, type RingKernel } from "../algebra/ring-kernels.ts";
import { elementAt } from "../algebra/ring.ts";
import type { IslandBody, ReadWeight } from "../ir/index.ts";
import { withGivenNormalizations } from "./given-normalizations.ts";
import { derivedRule, type ReadLeaf, type WeightLeaf } from "./merge-rule.ts";
import { leafValue } from "./prove-island.ts";
import { unitInLastPlace, unitOfDyadic } from "./units-in-last-place.ts";

/** A number of a merged weight. */
export interface WeightPlace {
  readonly tensor: "kernel" | "bias";
  /** HWIO of the kernel, [channel] of the bias. */
  readonly index: readonly number[];
}

export interface WorstNumber {
  readonly ulps: number;
  readonly at: WeightPlace;
  readonly merged: number;
  /** The exact number, rounded to float64. */
  readonly exact: number;
}

/** How far a float32 merge is from the exact one. */
export interface MergeError {
  /** In units in the last place of the float32 number nearest to the exact one; large where terms cancel. */
  readonly ofValue: WorstNumber;
  /** In units in the last place of a float32 number as large as all terms of the exact sum together: what rounding can be held to. */
  readonly ofTerms: WorstNumber;
  /** Numbers compared, and how many of them are the float32 numbers nearest to the exact ones. */
  readonly numbers: number;
  readonly nearest: number;
}

/** The merged weights of an island in float32, as the runtime computes them. */
export interface FloatMerge {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/**
 * Merges given weights without any rounding and compares. Weights are float32 numbers, so products and sums of them are exact dyadic numbers; of
 * a normalization, factor and offset are taken as the float64 numbers that they come to.
 */
export function compareWithExact(
  { body, promised }: IslandBody,
  weight: ReadWeight,
  float32: FloatMerge,
): MergeError {
  const given = withGivenNormalizations(body, weight);
  const exactRule = derivedRule({ body: given.body, promised });
  const exact = exactRule(kernelAlgebraOver(dyadics), dyadicReader(given.weight));
  const sizes = derivedRule({ body, promised })(kernelAlgebraOver(magnitudes), sizeReader(weight));
  const [kernel, terms] = [exact.kernel as RingKernel<Dyadic[]>, sizes.kernel as Sizes];
  return worseOf(
    errorOf("kernel", kernelShape(kernel), kernel.data, terms.data, float32.kernel),
    errorOf("bias", [exact.bias.length], exact.bias, sizes.bias, float32.bias),
  );
}

type Sizes = RingKernel<Float64Array>;

function dyadicReader(weight: ReadWeight): ReadLeaf<RingKernel<Dyadic[]>, Dyadic[]> {
  return (leaf: WeightLeaf) => leafValue(leaf, (path) => exactly(weight(path)));
}

function exactly(numbers: Float64Array): Dyadic[] {
  const exact = dyadics.zeros(numbers.length);
  for (let index = 0; index < numbers.length; index++)
    exact[index] = dyadicOf(elementAt(numbers, index));
  return exact;
}

/** A variance stays itself under its root. */
function sizeReader(weight: ReadWeight): ReadLeaf<Sizes, Float64Array> {
  return (leaf: WeightLeaf) => leafValue(leaf, (path) => weight(path).map(Math.abs));
}

function kernelShape({ height, width, in: inputs, out }: RingKernel<unknown>): readonly number[] {
  return [height, width, inputs, out];
}

function errorOf(
  tensor: WeightPlace["tensor"],
  shape: readonly number[],
  exact: readonly Dyadic[],
  terms: Float64Array,
  merged: Float32Array,
): MergeError {
  if (merged.length !== exact.length)
    throw new Error(`repqc bug: ${merged.length} merged numbers for ${exact.length}`);
  let [ofValue, ofTerms, nearest] = [none, none, 0];
  for (let place = 0; place < exact.length; place++) {
    const value = exact[place] ?? dyadics.zero;
    const found = elementAt(merged, place);
    const rounded = numberOf(value);
    const own = unitOfDyadic(value, rounded);
    const whole = unitInLastPlace(elementAt(terms, place));
    const error = distance(value, rounded, found, own);
    if (error <= own / 2) nearest += 1;
    const worst = { place, merged: found, exact: rounded };
    if (error / own > ofValue.ulps) ofValue = { ...worst, ulps: error / own };
    if (error / whole > ofTerms.ulps) ofTerms = { ...worst, ulps: error / whole };
  }
  const located = ({ place, ...worst }: typeof none): WorstNumber => ({
    ...worst,
    at: { tensor, index: indexOf(place, shape) },
  });
  return { ofValue: located(ofValue), ofTerms: located(ofTerms), numbers: exact.length, nearest };
}

/**
 * Between an exact number and a float32 number, in float64. Rounding the exact number moves the distance by at most 2^-29 units, which matters
 * nowhere but at half a unit: on which side of it the distance lies is decided exactly.
 */
function distance(exact: Dyadic, rounded: number, found: number, unit: number): number {
  const near = Math.abs(rounded - found);
  if (Math.abs(near - unit / 2) > unit * 2 ** -28) return near;
  const difference = dyadics.subtract(exact, dyadicOf(found));
  const size = difference.mantissa < 0n ? dyadics.negate(difference) : difference;
  const isBeyond = dyadics.subtract(size, dyadicOf(unit / 2)).mantissa > 0n;
  return isBeyond ? Math.max(near, (unit / 2) * (1 + 2 ** -52)) : Math.min(near, unit / 2);
}

const none = { ulps: -1, place: 0, merged: 0, exact: 0 };

function worseOf(a: MergeError, b: MergeError): MergeError {
  return {
    ofValue: b.ofValue.ulps > a.ofValue.ulps ? b.ofValue : a.ofValue,
    ofTerms: b.ofTerms.ulps > a.ofTerms.ulps ? b.ofTerms : a.ofTerms,
    numbers: a.numbers + b.numbers,
    nearest: a.nearest + b.nearest,
  };
}

/** Of a place in row-major order. */
function indexOf(place: number, shape: readonly number[]): readonly number[] {
  let rest = place;
  return shape
    .toReversed()
    .map((size) => {
      const index = rest % size;
      rest = Math.floor(rest / size);
      return index;
    })
    .toReversed();
}
