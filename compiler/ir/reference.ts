/**
 * The reference semantics of an island, in float64: what its branches compute, op by op, and what the one convolution computes. It shares no
 * placement logic with lowering, so that each can find the other's mistakes: here the whole input is padded first (rule S2), and a map of ones
 * and zeros, carried along by the centre of every window, says which positions are interior (rule S14).
 */
import type { ArrayMap } from "../algebra/array-maps.ts";
import { buildMap, convolveArrays, padMap, valueAt } from "../algebra/array-maps.ts";
import type { ArrayKernel } from "../algebra/arrays.ts";
import { arrays } from "../algebra/arrays.ts";
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { Affine, AffineStep, AffineSum } from "./affine.ts";
import { declarationsOf, hasKernel, reachOf, weightPath } from "./affine.ts";
import { compose, identityMap, materialize } from "./compose.ts";
import type { Island } from "./model.ts";

/** Numbers of a weight, by path, row-major. */
export type ReadWeight = (path: string) => Float64Array;

export interface ReferenceStatistics {
  readonly mean: Float64Array;
  /** Biased. */
  readonly variance: Float64Array;
  /** Numbers per channel that were measured. */
  readonly count: number;
}

export interface ReferenceRun {
  readonly output: ArrayMap;
  /** What each normalization measured, by its path; empty with running statistics. */
  readonly measured: ReadonlyMap<string, ReferenceStatistics>;
}

type Body = Pick<Island, "body" | "promised">;

/** A value and, at [1, height, width, 1], a one where it is interior. */
interface Located {
  readonly value: ArrayMap;
  readonly interior: ArrayMap;
}

interface Runner {
  readonly weight: ReadWeight;
  /** Absent: running statistics. */
  readonly measured: Map<string, ReferenceStatistics> | undefined;
}

/** Runs an island branch by branch with running statistics, or with those of the batch. */
export function runBranches(
  { body, promised }: Body,
  x: ArrayMap,
  weight: ReadWeight,
  statistics: "running" | "batch" = "running",
): ReferenceRun {
  const measured = new Map<string, ReferenceStatistics>();
  const runner = { weight, measured: statistics === "batch" ? measured : undefined };
  const ones = buildMap({ ...x, batch: 1, channels: 1 }, () => 1);
  const padded = {
    value: padMap(x, promised.pads),
    interior: padMap(ones, promised.pads),
  };
  const start = insetBy(padded, promised.size, reachOf(body));
  return { output: run(runner, body, start, promised.stride).value, measured };
}

/** `stride` falls to the last op with taps of a chain, and to every term of a sum (rule S3). */
function run(runner: Runner, map: Affine, from: Located, stride: number): Located {
  if (map.kind === "step") return runStep(runner, map, from, stride);
  if (map.kind === "sum") return runSum(runner, map, from, stride);
  const bearer = map.steps.findLastIndex(hasKernel);
  return map.steps.reduce(
    (at, step, index) => run(runner, step, at, index === bearer ? stride : 1),
    from,
  );
}

function runSum(runner: Runner, map: AffineSum, from: Located, stride: number): Located {
  const widest = reachOf(map);
  const ends = map.terms.map(({ map: term, sign }) => {
    const end = run(runner, term, insetBy(from, widest, reachOf(term)), stride);
    return { ...end, value: { ...end.value, data: end.value.data.map((number) => sign * number) } };
  });
  return ends.reduce((total, end) => {
    if (total.value.height !== end.value.height || total.value.width !== end.value.width)
      throw new Error("repqc bug: terms of a sum differ in size");
    const data = total.value.data.map((number, index) => number + (end.value.data[index] ?? NaN));
    return { ...total, value: { ...total.value, data } };
  });
}

/** A term that reaches less far starts further in. */
function insetBy<S extends { readonly height: number; readonly width: number }>(
  { value, interior }: Located,
  widest: S,
  own: S,
): Located {
  const rows = (widest.height - own.height) / 2;
  const columns = (widest.width - own.width) / 2;
  if (!Number.isInteger(rows) || !Number.isInteger(columns))
    throw new Error("repqc bug: a term without a centre in common with its sum");
  const sides = [-rows, -rows, -columns, -columns] as const;
  return { value: padMap(value, sides), interior: padMap(interior, sides) };
}

function runStep(runner: Runner, step: AffineStep, from: Located, stride: number): Located {
  const { op, params, in: entering, out } = step;
  const channels = { in: entering, out };
  const values = readWeights(step, runner.weight);
  if (op.normalizes && runner.measured) {
    const measured = measure(from);
    runner.measured.set(step.path, measured);
    Object.assign(values, { mean: measured.mean, variance: measured.variance });
  }
  const { kernel, scale, bias } = op.affine(arrays, values as never, params, channels);
  if (kernel === undefined) return { ...from, value: scaleAndShift(from.value, scale, bias) };
  return {
    value: convolveArrays(from.value, kernel, bias, { stride, pads: [0, 0, 0, 0] }),
    interior: pickCentres(from.interior, kernel, stride),
  };
}

/** A step's own weights, kernels with their shapes. */
function readWeights(step: AffineStep, weight: ReadWeight) {
  const values: Record<string, ArrayKernel | Float64Array> = {};
  for (const [name, { kind, shape, groups }] of Object.entries(declarationsOf(step))) {
    const data = weight(weightPath(step.path, name));
    const [height = 1, width = 1, inputs = 1, out = 1] = shape;
    values[name] = kind === "vector" ? data : { height, width, in: inputs, out, groups, data };
  }
  return values;
}

function scaleAndShift(
  map: ArrayMap,
  scale: Float64Array | undefined,
  bias: Float64Array | undefined,
): ArrayMap {
  const data = map.data.map((number, index) => {
    const channel = index % map.channels;
    return number * (scale?.[channel] ?? 1) + (bias?.[channel] ?? 0);
  });
  return { ...map, data };
}

/** A window's output is interior where its centre is; an even window's centre is the tap before the middle. */
function pickCentres(interior: ArrayMap, { height, width }: ArrayKernel, stride: number): ArrayMap {
  const top = Math.floor((height - 1) / 2);
  const left = Math.floor((width - 1) / 2);
  const shape = {
    ...interior,
    height: Math.floor((interior.height - height) / stride) + 1,
    width: Math.floor((interior.width - width) / stride) + 1,
  };
  return buildMap(shape, (image, row, column, channel) =>
    valueAt(interior, image, row * stride + top, column * stride + left, channel),
  );
}

function measure({ value, interior }: Located): ReferenceStatistics {
  const { channels, data } = value;
  const positions = interior.data.length;
  const isInterior = (index: number) =>
    interior.data[Math.floor(index / channels) % positions] === 1;
  const count =
    (interior.data.filter((one) => one === 1).length * data.length) / positions / channels;
  const average = (term: (number: number, channel: number) => number) => {
    const sums = new Float64Array(channels);
    data.forEach((number, index) => {
      const channel = index % channels;
      if (isInterior(index)) sums[channel] = (sums[channel] ?? 0) + term(number, channel);
    });
    return sums.map((sum) => sum / count);
  };
  const mean = average((number) => number);
  const variance = average((number, channel) => (number - (mean[channel] ?? 0)) ** 2);
  return { mean, variance, count };
}

/** Kernel and bias of an island, composed with running statistics; `algebra` may count something else than the numbers themselves. */
export function mergeArrays(
  { body, promised }: Body,
  weight: ReadWeight,
  algebra: KernelAlgebra<ArrayKernel, Float64Array> = arrays,
): { readonly kernel: ArrayKernel; readonly bias: Float64Array } {
  const provider = {
    algebra,
    weight: (step: AffineStep, name: string) => readWeights(step, weight)[name] ?? missing(name),
    statistics: (step: AffineStep) => ({
      mean: weight(weightPath(step.path, "mean")),
      variance: weight(weightPath(step.path, "variance")),
    }),
  };
  const map = compose(provider, body, identityMap<ArrayKernel, Float64Array>(body.in));
  return materialize(algebra, map, promised.size, promised.groups);
}

function missing(name: string): never {
  throw new Error(`repqc bug: a step without its weight ${name}`);
}

/** Runs an island as the one convolution that it becomes. */
export function runMerged(island: Body, x: ArrayMap, weight: ReadWeight): ArrayMap {
  const { kernel, bias } = mergeArrays(island, weight);
  return convolveArrays(x, kernel, bias, island.promised);
}
