/** The reference semantics of an island, in float64: what its branches compute, op by op, and what the one convolution computes. */
import type { ArrayMap } from "../algebra/array-maps.ts";
import { convolveArrays } from "../algebra/array-maps.ts";
import type { ArrayKernel } from "../algebra/arrays.ts";
import { arrays } from "../algebra/arrays.ts";
import { float64 } from "../algebra/float64.ts";
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import { identityMap, materialize } from "./affine-map.ts";
import type { AffineStep } from "./affine.ts";
import { weightPath } from "./affine.ts";
import { compose } from "./compose.ts";
import type { IslandBody, Located } from "./run-branches.ts";
import { readWeights, runBranchesOver } from "./run-branches.ts";
import { isInterior } from "./windows.ts";

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

/** Runs an island branch by branch with running statistics, or with those of the batch. */
export function runBranches(
  island: IslandBody,
  x: ArrayMap,
  weight: ReadWeight,
  statistics: "running" | "batch" = "running",
): ReferenceRun {
  const measured = new Map<string, ReferenceStatistics>();
  const measureStep = (step: AffineStep, entering: Located<Float64Array>) => {
    const found = measure(entering);
    measured.set(step.path, found);
    return { mean: found.mean, variance: found.variance };
  };
  const own = statistics === "batch" ? measureStep : undefined;
  return { output: runBranchesOver(float64, island, x, weight, own), measured };
}

/** Interior is where the anchor of a window is in the input, or where the block has an output (rule S14). */
function measure({ value, rows, columns }: Located<Float64Array>): ReferenceStatistics {
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
  { body, promised }: IslandBody,
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
  return materialize(algebra, map, promised);
}

function missing(name: string): never {
  throw new Error(`repqc bug: a step without its weight ${name}`);
}

/** Runs an island as the one convolution that it becomes. */
export function runMerged(island: IslandBody, x: ArrayMap, weight: ReadWeight): ArrayMap {
  const { kernel, bias } = mergeArrays(island, weight);
  return convolveArrays(x, kernel, bias, island.promised);
}
