/**
 * What one RepQ training step of a block is, in float64: statistics from the branches, op by op; the merge with them; fake quantization of the
 * input and of the merged kernel; one convolution; ReLU. The gradient of LSQ is that of a function in which the roundings are constants,
 * so central differences of that function are the reference for every gradient.
 */
import { convolveArrays, type ArrayMap } from "../../compiler/algebra/array-maps.ts";
import {
  mergeArrays,
  runBranches,
  type Program,
  type ReferenceRun,
} from "../../compiler/ir/index.ts";
import type { CompiledBlock } from "./probe-block.ts";

export interface BlockNumbers {
  /** By path, row-major. */
  readonly weights: ReadonlyMap<string, Float64Array>;
  readonly input: ArrayMap;
}

export interface BlockReference {
  readonly output: Float64Array;
  /** What each normalization measured, by its path. */
  readonly measured: ReferenceRun["measured"];
  /** Gradients of sum(output * probe), by weight path, and of the input as `input`. */
  readonly gradients: ReadonlyMap<string, Float64Array>;
  /** Distance of the quantized numbers from the nearest tie or bound, in steps: small ones may go another way in float32. */
  readonly margin: number;
}

interface Grid {
  readonly low: number;
  readonly high: number;
}

/** How each number was quantized: inside, with what rounding added, or at a bound. */
type Frozen = readonly {
  readonly isInside: boolean;
  readonly level: number;
  readonly added: number;
}[];

/** The input's and the kernel's. */
type Roundings = readonly [Frozen, Frozen];

export function referenceStep(
  block: CompiledBlock,
  numbers: BlockNumbers,
  probe: Float64Array,
): BlockReference {
  const { measured, merged } = mergeWithBatch(block, numbers);
  const grids = gridsOf(block.program);
  const [inputStep, kernelStep] = stepsOf(numbers);
  const input = freeze(numbers.input.data, inputStep, grids[0]);
  const kernel = freeze(merged.kernel.data, kernelStep, grids[1]);
  const roundings: Roundings = [input.frozen, kernel.frozen];
  const value = (changed: BlockNumbers) => {
    const output = forward(block, changed, roundings);
    return output.reduce((sum, number, index) => sum + number * (probe[index] ?? 0), 0);
  };
  return {
    output: forward(block, numbers, roundings),
    measured,
    gradients: slopes(block.program, numbers, grids, value),
    margin: Math.min(input.margin, kernel.margin),
  };
}

function mergeWithBatch({ island }: CompiledBlock, { weights, input }: BlockNumbers) {
  const weight = (path: string) => weights.get(path) ?? missing(path);
  const { measured } = runBranches(island, input, weight, "batch");
  const ofBatch = (path: string) => {
    const [, owner = "", name = ""] = /^(.*)\.(mean|variance)$/.exec(path) ?? [];
    const found = measured.get(owner);
    return found === undefined ? weight(path) : name === "mean" ? found.mean : found.variance;
  };
  return { measured, merged: mergeArrays(island, ofBatch) };
}

function forward(block: CompiledBlock, numbers: BlockNumbers, roundings: Roundings): Float64Array {
  const { merged } = mergeWithBatch(block, numbers);
  const [inputStep, kernelStep] = stepsOf(numbers);
  const input = { ...numbers.input, data: apply(numbers.input.data, inputStep, roundings[0]) };
  const kernel = { ...merged.kernel, data: apply(merged.kernel.data, kernelStep, roundings[1]) };
  const sum = convolveArrays(input, kernel, merged.bias, block.island.promised);
  return sum.data.map((number) => Math.max(0, number));
}

/** One step per last-axis channel, or one for all. */
function stepAt(steps: Float64Array, index: number): number {
  return steps[index % steps.length] ?? 1;
}

function freeze(
  numbers: Float64Array,
  steps: Float64Array,
  { low, high }: Grid,
): { readonly frozen: Frozen; readonly margin: number } {
  let margin = Infinity;
  const frozen = Array.from(numbers, (number, index) => {
    const ratio = number / stepAt(steps, index);
    const clipped = Math.min(high, Math.max(low, ratio));
    const level = Math.round(clipped);
    const toTie = Math.abs(Math.abs(ratio - Math.floor(ratio)) - 0.5);
    margin = Math.min(margin, toTie, Math.abs(ratio - low), Math.abs(ratio - high));
    return { isInside: clipped === ratio, level, added: level - ratio };
  });
  return { frozen, margin };
}

function apply(numbers: Float64Array, steps: Float64Array, frozen: Frozen): Float64Array {
  return numbers.map((number, index) => {
    const { isInside, level, added } = frozen[index] ?? missing("rounding");
    const step = stepAt(steps, index);
    return isInside ? number + step * added : step * level;
  });
}

function slopes(
  program: Program,
  numbers: BlockNumbers,
  [inputGrid, kernelGrid]: readonly [Grid, Grid],
  value: (changed: BlockNumbers) => number,
): ReadonlyMap<string, Float64Array> {
  const { weights, input } = numbers;
  const gradients = new Map<string, Float64Array>();
  for (const { path, role } of program.weights) {
    if (role === "statistic") continue;
    const change = (changed: Float64Array) =>
      value({ ...numbers, weights: new Map(weights).set(path, changed) });
    const own = centralDifferences(weights.get(path) ?? missing(path), change);
    gradients.set(path, role === "step" ? own.map((slope) => slope * scaleOf(path)) : own);
  }
  const change = (data: Float64Array) => value({ ...numbers, input: { ...input, data } });
  return gradients.set("input", centralDifferences(input.data, change));

  /** LSQ's g. */
  function scaleOf(path: string): number {
    const isInput = path.startsWith("input.");
    const kernel = program.deployed.find(({ role }) => role === "kernel") ?? missing("kernel");
    const count = isInput ? input.data.length : kernel.shape.reduce((a, b) => a * b, 1);
    return 1 / Math.sqrt(count * (isInput ? inputGrid : kernelGrid).high);
  }
}

function centralDifferences(
  numbers: Float64Array,
  value: (changed: Float64Array) => number,
): Float64Array {
  const change = 1e-6;
  const valueAt = (index: number, by: number) => {
    const changed = numbers.slice();
    changed[index] = (changed[index] ?? 0) + by;
    return value(changed);
  };
  return numbers.map(
    (_, index) => (valueAt(index, change) - valueAt(index, -change)) / (2 * change),
  );
}

function stepsOf({ weights }: BlockNumbers): readonly [Float64Array, Float64Array] {
  const find = (path: string) => weights.get(path) ?? missing(path);
  return [find("input.step"), find("kernel.step")];
}

/** Bounds of the levels, of the input's quantizer and the kernel's. */
function gridsOf({ train }: Program): readonly [Grid, Grid] {
  const find = (path: string): Grid => {
    const found = train.instructions.find(
      ({ op, attributes }) => op === "quantize" && attributes["path"] === path,
    );
    const { low, high } = found?.attributes ?? missing(path);
    return { low: Number(low), high: Number(high) };
  };
  return [find("input"), find("kernel")];
}

function missing(what: string): never {
  throw new Error(`repqc bug: the block has no ${what}`);
}
