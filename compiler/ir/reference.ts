/**
 * The reference semantics of an island, in float64: what its branches compute, op by op, and what the one convolution computes. It shares no
 * placement logic with lowering, so that each can find the other's mistakes: here the whole input is padded first (rule S2), and every value
 * knows which window of the input each of its positions saw; it is interior where the centre of that window is in the input, or where the block has an output (rule S14).
 */
import type { ArrayMap } from "../algebra/array-maps.ts";
import { convolveArrays, padMap } from "../algebra/array-maps.ts";
import type { ArrayKernel } from "../algebra/arrays.ts";
import { arrays } from "../algebra/arrays.ts";
import type { KernelAlgebra, Size } from "../algebra/kernel-algebra.ts";
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

/** Windows of the input along one axis: position p saw `reach` places from `start + p * stride` on. Interior is `from` up to `to`. */
interface Windows {
  readonly start: number;
  readonly reach: number;
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

interface Located {
  readonly value: ArrayMap;
  readonly rows: Windows;
  readonly columns: Windows;
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
  const [top, bottom, left, right] = promised.pads;
  const padded = {
    value: padMap(x, promised.pads),
    rows: paddedWindows(x.height, promised.size.height, top, bottom),
    columns: paddedWindows(x.width, promised.size.width, left, right),
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
function insetBy({ value, rows, columns }: Located, widest: Size, own: Size): Located {
  const above = (widest.height - own.height) / 2;
  const before = (widest.width - own.width) / 2;
  if (!Number.isInteger(above) || !Number.isInteger(before))
    throw new Error("repqc bug: a term without a centre in common with its sum");
  return {
    value: padMap(value, [-above, -above, -before, -before]),
    rows: { ...rows, start: rows.start + above * rows.stride },
    columns: { ...columns, start: columns.start + before * columns.stride },
  };
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
    rows: widened(from.rows, kernel.height, stride),
    columns: widened(from.columns, kernel.width, stride),
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

/** Outputs of the whole block have their centres from `taps / 2 - before` on. */
function paddedWindows(size: number, taps: number, before: number, after: number): Windows {
  const first = Math.floor((taps - 1) / 2) - before;
  const last = size - 1 + after - Math.ceil((taps - 1) / 2);
  const [from, to] = [Math.min(0, first), Math.max(size, last + 1)];
  return { start: -before, reach: 1, stride: 1, from, to };
}

function widened(windows: Windows, taps: number, by: number): Windows {
  const { reach, stride } = windows;
  return { ...windows, reach: reach + (taps - 1) * stride, stride: stride * by };
}

/** An even window's centre is the place before its middle. */
function isInterior({ start, reach, stride, from, to }: Windows, position: number): boolean {
  const centre = start + position * stride + Math.floor((reach - 1) / 2);
  return centre >= from && centre < to;
}

function measure({ value, rows, columns }: Located): ReferenceStatistics {
  const { height, width, channels, data } = value;
  const isCounted = (index: number) =>
    isInterior(rows, Math.floor(index / (channels * width)) % height) &&
    isInterior(columns, Math.floor(index / channels) % width);
  const counted = data.reduce((count, _, index) => count + (isCounted(index) ? 1 : 0), 0);
  const count = counted / channels;
  const average = (term: (number: number, channel: number) => number) => {
    const sums = new Float64Array(channels);
    data.forEach((number, index) => {
      const channel = index % channels;
      if (isCounted(index)) sums[channel] = (sums[channel] ?? 0) + term(number, channel);
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
