import { primeField } from "../algebra/prime-field.ts";
import type { RingKernel } from "../algebra/ring-kernels.ts";
import { kernelAlgebraOver } from "../algebra/ring-kernels.ts";
import { convolveOver, type RingMap } from "../algebra/ring-maps.ts";
import type { Ring } from "../algebra/ring.ts";
import type { IslandBody } from "../ir/index.ts";
import { runBranchesOver, weightsOf } from "../ir/index.ts";
import { degreeOf } from "./degree.ts";
import type { MergeRule, WeightLeaf } from "./merge-rule.ts";
import { randomElements, type Seed } from "./random-elements.ts";
import { isAtBorder, smallestMap, type MapSize } from "./situations.ts";

/** The bound that a proof falls below, as a power of two. */
export const TARGET_EXPONENT = -60;

/**
 * The largest primes below 2^24: products are below 2^48, so 31 of them add up exactly in float64. Trials take one after the other: a
 * difference whose every coefficient happens to be a multiple of one prime is nothing modulo that prime, but something modulo the others.
 */
export const primes: readonly number[] = [
  16777213, 16777199, 16777183, 16777153, 16777141, 16777139, 16777127, 16777121,
];

/** Where and how the two forms of a block differ, in the first trial that finds it. */
export interface Refutation {
  readonly kind: "shape" | "value";
  /** Height, width and channels of the two outputs. */
  readonly shapes: { readonly branches: readonly number[]; readonly merged: readonly number[] };
  /** Row, column and channel of the first output that differs; none where the shapes do. */
  readonly at?: readonly [row: number, column: number, channel: number];
  /** Whether that output sees padding. */
  readonly isAtBorder?: boolean;
  readonly trial: number;
}

export interface Proof {
  /** Degree of both forms as polynomials in the input and the weights. */
  readonly degree: number;
  readonly trials: number;
  /** log2 of the chance that different polynomials pass all trials: Σ log2(degree / prime) (Schwartz 1980, Zippel 1979). */
  readonly boundExponent: number;
  /** The map that was tried: the smallest with every kind of position. */
  readonly map: MapSize;
  readonly refutation?: Refutation;
}

export interface ProofTask {
  readonly island: IslandBody;
  /** Height and width of the block's input. */
  readonly input: MapSize;
  readonly rule: MergeRule;
  /** How the branches run; the reference semantics unless a test wants to see another one fail. */
  readonly branches?: RunBranches;
}

type FieldMap = RingMap<Float64Array>;
type Field = Ring<number, Float64Array>;
type RunBranches = (
  field: Field,
  island: IslandBody,
  x: FieldMap,
  weight: (path: string) => Float64Array,
) => FieldMap;

/**
 * Whether an island's branches, run op by op, and the convolution that its merge rule makes are the same polynomials in input and weights, at
 * every kind of position: both are evaluated on random elements of a prime field, exactly, until a chance agreement is rarer than 2^-60.
 */
export function proveIsland(task: ProofTask, seed: Seed): Proof {
  const { island, input, rule } = task;
  const degree = degreeOf(island.body, rule);
  const map = smallestMap(input, island.promised);
  let [trials, boundExponent] = [0, 0];
  while (boundExponent >= TARGET_EXPONENT) {
    const prime = primes[trials % primes.length] ?? NaN;
    const refutation = runTrial(task, map, { seed, number: trials, prime });
    trials += 1;
    boundExponent += Math.log2(degree / prime);
    if (refutation) return { degree, trials, boundExponent: 0, map, refutation };
  }
  return { degree, trials, boundExponent, map };
}

interface Trial {
  readonly seed: Seed;
  readonly number: number;
  readonly prime: number;
}

function runTrial(
  { island, rule, branches = runBranchesOver }: ProofTask,
  map: MapSize,
  { seed, number, prime }: Trial,
): Refutation | undefined {
  const field = primeField(prime);
  const draw = randomElements(seed, number, prime);
  const { height, width } = map;
  const channels = island.body.in;
  const x = { batch: 1, height, width, channels, data: draw(height * width * channels) };
  const weight = drawWeights(island, draw);
  const branched = branches(field, island, x, weight);
  const { kernel, bias } = rule(kernelAlgebraOver(field), (leaf) => leafValue(leaf, weight));
  const merged = convolveOver(field, x, kernel as RingKernel<Float64Array>, bias, island.promised);
  const difference = compare(branched, merged);
  if (!difference) return undefined;
  const { at } = difference;
  const border = at && { isAtBorder: isAtBorder([at[0], at[1]], map, island) };
  return { ...difference, ...border, trial: number + 1 };
}

/** Every weight and statistic of an island is a free variable. */
function drawWeights(
  { body }: IslandBody,
  draw: (length: number) => Float64Array,
): (path: string) => Float64Array {
  const values = new Map(
    weightsOf(body).map(({ path, shape }) => [path, draw(shape.reduce((a, b) => a * b, 1))]),
  );
  return (path) => {
    const value = values.get(path);
    if (!value) throw new Error(`repqc bug: \`${path}\` is no weight of this block`);
    return value;
  };
}

/** A weight as kernel or vector of some array of numbers. */
export function leafValue<A>(
  { path, kind, shape, groups }: WeightLeaf,
  weight: (path: string) => A,
): RingKernel<A> | A {
  const data = weight(path);
  const [height = 1, width = 1, inputs = 1, out = 1] = shape;
  return kind === "vector" ? data : { height, width, in: inputs, out, groups, data };
}

function compare(
  branched: FieldMap,
  merged: FieldMap,
): Pick<Refutation, "kind" | "shapes" | "at"> | undefined {
  const shapes = { branches: shapeOf(branched), merged: shapeOf(merged) };
  if (shapes.branches.some((size, axis) => size !== shapes.merged[axis]))
    return { kind: "shape", shapes };
  const index = branched.data.findIndex((number, place) => number !== merged.data[place]);
  if (index < 0) return undefined;
  const { width, channels } = branched;
  const position = Math.floor(index / channels);
  const at = [Math.floor(position / width), position % width, index % channels] as const;
  return { kind: "value", shapes, at };
}

function shapeOf({ height, width, channels }: FieldMap): readonly number[] {
  return [height, width, channels];
}
