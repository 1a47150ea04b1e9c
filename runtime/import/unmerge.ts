import type { ReadWeight } from "../../compiler/ir/index.ts";
import {
  declarationsOf,
  mergeArrays,
  stepsOf,
  weightPath,
  type Island,
} from "../../compiler/ir/index.ts";
import type { HostTensor } from "../safetensors.ts";
import type { HostWeights } from "../weights.ts";
import { fastArrays } from "./compose-arrays.ts";
import { findDenseBranch, type DenseBranch } from "./dense-branch.ts";

/** The one convolution that an island is to become again: a kernel HWIO and a bias. */
export interface MergedWeights {
  readonly kernel: HostTensor;
  readonly bias: HostTensor;
}

/**
 * Weights of an island whose merge is a given convolution. The dense branch takes what the others leave,
 * `K_dense = (K_merged - M_others) / factor`, and the first offset on its way what the other biases leave. Computed in float64 and rounded
 * once, so that in mode `eval` the function is the same up to float32's rounding. Running statistics stay as they begin: only data could
 * tell what a batch will measure, so a training step of a block with a normalization sees another function.
 *
 * @param initial of all weights of the island
 * @returns the weights that change; nothing where no branch can be any kernel, or nothing in it any bias
 */
export function unmergeIsland(
  island: Island,
  merged: MergedWeights,
  initial: HostWeights,
): HostWeights | undefined {
  const branch = findDenseBranch(island);
  if (branch === undefined) return undefined;
  const weights = new Draft(initial);
  const kernelPath = weightPath(branch.conv.path, "kernel");
  weights.fill(kernelPath, 0);
  const others = mergeArrays(island, weights.read, fastArrays);
  const way = factorsOf(branch, island, weights);
  if (way === undefined) return undefined;
  weights.fill(kernelPath, 0);
  const shift = Float64Array.from(
    merged.bias.data,
    (wanted, index) => wanted - at(others.bias, index),
  );
  const kernel = merged.kernel.data.map((wanted, index) => {
    const channel = index % way.factor.length;
    return (wanted - at(others.kernel.data, index)) / at(way.factor, channel);
  });
  const offset = weights
    .read(way.offsetPath)
    .map((begin, index) => begin + at(shift, index) / at(way.offsetFactor, index));
  const changed: readonly (readonly [string, Float64Array | Float32Array])[] = [
    [kernelPath, kernel],
    [way.offsetPath, offset],
  ];
  return new Map(
    changed.map(([path, data]) => [
      path,
      { shape: weights.shape(path), data: Float32Array.from(data) },
    ]),
  );
}

/** What the block makes of the dense kernel and of the offset on its way, per output channel. */
interface Way {
  readonly factor: Float64Array;
  readonly offsetPath: string;
  readonly offsetFactor: Float64Array;
}

/** Found by trying: the way is diagonal, so that a kernel of ones and an offset of one more show its factors. */
function factorsOf({ conv, alone }: DenseBranch, island: Island, weights: Draft): Way | undefined {
  const only = { body: alone, promised: island.promised };
  const merge = () => mergeArrays(only, weights.read, fastArrays);
  const kernelPath = weightPath(conv.path, "kernel");
  const before = merge();
  weights.fill(kernelPath, 1);
  const factor = merge().kernel.data.map((one, index) => one - at(before.kernel.data, index));
  const perChannel = factor.slice(0, island.body.out);
  if (!perChannel.every(isUsable)) return undefined;
  const bias = merge().bias;
  for (const offsetPath of offsetsOn(alone)) {
    weights.add(offsetPath, 1);
    const offsetFactor = merge().bias.map((one, index) => one - at(bias, index));
    weights.add(offsetPath, -1);
    if (offsetFactor.every(isUsable)) return { factor: perChannel, offsetPath, offsetFactor };
  }
  return undefined;
}

/** Learned offsets, those next to the convolution first. */
function offsetsOn(alone: DenseBranch["alone"]): readonly string[] {
  return stepsOf(alone).flatMap((step) =>
    Object.entries(declarationsOf(step))
      .filter(([, { role, kind }]) => role === "bias" && kind === "vector")
      .map(([name]) => weightPath(step.path, name)),
  );
}

/** Dividing by less would lose the number in rounding. */
function isUsable(factor: number): boolean {
  return Number.isFinite(factor) && Math.abs(factor) > 1e-6;
}

/** Weights in float64 that may be changed. */
class Draft {
  readonly #initial: HostWeights;
  readonly #numbers = new Map<string, Float64Array>();
  readonly read: ReadWeight = (path) => {
    const known = this.#numbers.get(path) ?? Float64Array.from(this.#tensor(path).data);
    this.#numbers.set(path, known);
    return known;
  };

  constructor(initial: HostWeights) {
    this.#initial = initial;
  }

  shape(path: string): readonly number[] {
    return this.#tensor(path).shape;
  }

  fill(path: string, value: number): void {
    this.#numbers.set(
      path,
      this.read(path).map(() => value),
    );
  }

  add(path: string, value: number): void {
    this.#numbers.set(
      path,
      this.read(path).map((number) => number + value),
    );
  }

  #tensor(path: string): HostTensor {
    const tensor = this.#initial.get(path);
    if (!tensor) throw new Error(`repqc bug: there is no initial weight \`${path}\``);
    return tensor;
  }
}

function at(numbers: Float64Array, index: number): number {
  const value = numbers[index];
  if (value === undefined) throw new Error(`repqc bug: there is no number ${index}`);
  return value;
}
