import { readFileSync } from "node:fs";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { VectorFile, VectorTensor } from "./vectors.ts";

/** PyTorch's name of a weight to our path; null for what is a constant of the spec. `num_batches_tracked` is never listed. */
export type NameTable = ReadonlyMap<string, string | null>;

/** `specs/blocks/<block>.names.json`. */
export function readNames(block: string): NameTable {
  const url = new URL(`../../specs/blocks/${block}.names.json`, import.meta.url);
  const table = JSON.parse(readFileSync(url, "utf8")) as Record<string, string | null>;
  return new Map(Object.entries(table));
}

/** NCHW to NHWC, and back to a kernel's OIHW to HWIO: the same axes moved. */
export function toChannelsLast({ shape, data }: VectorTensor): HostTensor {
  return transposed(shape, data, [0, 2, 3, 1]);
}

/** A weight in our layout: OIHW kernels to HWIO, [C, 1, 1, 1] to [C] where ours is a vector. */
export function toOurLayout({ shape, data }: VectorTensor, rank: number): HostTensor {
  if (rank === 4) return transposed(shape, data, [2, 3, 1, 0]);
  return { shape: [data.length], data };
}

function transposed(
  shape: readonly number[],
  data: Float32Array,
  axes: readonly number[],
): HostTensor {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const target = axes.map((axis) => shape[axis]!);
  const result = new Float32Array(data.length);
  result.forEach((_, index) => {
    let rest = index;
    let from = 0;
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const size = target[axis]!;
      from += (rest % size) * strides[axes[axis]!]!;
      rest = Math.floor(rest / size);
    }
    result[index] = data[from]!;
  });
  return { shape: target, data: result };
}

/** The weights in `state.*`, by our paths. */
export function readState({ tensors }: VectorFile, names: NameTable): Map<string, HostTensor> {
  const weights = new Map<string, HostTensor>();
  for (const [name, tensor] of tensors) {
    if (!name.startsWith("state.") || name.endsWith("num_batches_tracked")) continue;
    const path = names.get(name.slice("state.".length));
    if (path === undefined) throw new Error(`No path is listed for \`${name}\``);
    if (path === null) continue;
    weights.set(path, toOurLayout(tensor, path.endsWith("kernel") ? 4 : 1));
  }
  return weights;
}
