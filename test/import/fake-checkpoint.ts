import type { Checkpoint } from "../../runtime/import/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";

/** Tensors as a checkpoint that has been read; kernels OIHW. */
export function checkpointOf(tensors: Iterable<readonly [string, HostTensor]>): Checkpoint {
  const entries = [...tensors].map(
    ([name, { shape, data }]) =>
      [name, { shape, isInteger: false, read: async () => data }] as const,
  );
  return { tensors: new Map(entries) };
}

/** A tensor of numbers drawn by `draw`. */
export function tensor(shape: readonly number[], draw: () => number): HostTensor {
  return { shape, data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draw) };
}
