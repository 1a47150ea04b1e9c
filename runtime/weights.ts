import type { Initial, Program } from "../compiler/ir/program.ts";
import { execute } from "./execute.ts";
import { Random } from "./random.ts";
import type { HostTensor } from "./safetensors.ts";
import { tf } from "./tensors.ts";

/** Weights outside any backend, by path. */
export type HostWeights = ReadonlyMap<string, HostTensor>;

/**
 * Weights from which training begins, by the program's rules. The same seed gives the same numbers. Steps of
 * quantizers are left out: they come from data, see `initializeSteps`.
 */
export function initialWeights(program: Program, seed: number): HostWeights {
  const random = Random.fromSeed(seed).fork("weights");
  const weights = new Map<string, HostTensor>();
  for (const { path, shape, initial } of program.weights) {
    if (initial.kind === "step") continue;
    const draw = drawing(initial, random);
    weights.set(path, { shape, data: Float32Array.from({ length: sizeOf(shape) }, draw) });
  }
  return weights;
}

function drawing(initial: Exclude<Initial, { kind: "step" }>, random: Random): () => number {
  switch (initial.kind) {
    case "constant":
      return () => initial.value;
    case "uniform":
      return () => random.uniform(-initial.bound, initial.bound);
    case "normal":
      return () => random.normal(0, initial.deviation);
  }
}

/** Product of the sizes. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Copies weights into the current backend; the caller disposes them. */
export function toTensors(weights: HostWeights): Map<string, tf.Tensor> {
  const entries = [...weights].map(
    ([path, { shape, data }]) => [path, tf.tensor(data, [...shape], "float32")] as const,
  );
  return new Map(entries);
}

/** Copies tensors out of the backend; they stay the caller's. */
export async function toHostWeights(
  tensors: ReadonlyMap<string, tf.Tensor>,
): Promise<Map<string, HostTensor>> {
  const weights = new Map<string, HostTensor>();
  for (const [path, tensor] of tensors) {
    // A copy: cpu hands out the tensor's own array.
    const data = ((await tensor.data()) as Float32Array).slice();
    weights.set(path, { shape: [...tensor.shape], data });
  }
  return weights;
}

export function disposeAll(tensors: ReadonlyMap<string, tf.Tensor>): void {
  for (const tensor of tensors.values()) tensor.dispose();
}

/**
 * The deployed weights, by deployed path in the program's order: kernels and biases merged with running statistics,
 * and the quantizers' steps.
 */
export async function mergeWeights(
  program: Program,
  weights: HostWeights,
): Promise<Map<string, HostTensor>> {
  const tensors = toTensors(weights);
  const take = takeFrom(tensors);
  const { outputs } = execute(program.merge, { mode: "eval", weights: take });
  const merged = new Map(program.deployed.map(({ path }) => [path, outputs[path]!] as const));
  const host = await toHostWeights(merged);
  disposeAll(merged);
  disposeAll(tensors);
  return host;
}

/** Weights as a function; a missing one is our bug, because user's weights have been checked. */
export function takeFrom(tensors: ReadonlyMap<string, tf.Tensor>): (path: string) => tf.Tensor {
  return (path) => {
    const tensor = tensors.get(path);
    if (!tensor) throw new Error(`repqc bug: there is no weight \`${path}\``);
    return tensor;
  };
}
