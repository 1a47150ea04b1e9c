import { readFileSync } from "node:fs";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { VectorFile, VectorTensor } from "./vectors.ts";

/** Our path of a tensor; several for one whose rows are weights of their own; null for what is a constant of the spec. */
export type Paths = string | readonly string[] | null;

/** PyTorch's name of a weight to our path. `num_batches_tracked` is never listed. */
export type NameTable = ReadonlyMap<string, Paths>;

/** `specs/blocks/<block>.names.json`. */
export function readNames(block: string): NameTable {
  const url = new URL(`../../specs/blocks/${block}.names.json`, import.meta.url);
  const table = JSON.parse(readFileSync(url, "utf8")) as Record<string, Paths>;
  return new Map(Object.entries(table));
}

/** NCHW to NHWC, and back to a kernel's OIHW to HWIO: the same axes moved. */
export function toChannelsLast({ shape, data }: VectorTensor): HostTensor {
  return transposed(shape, data, [0, 2, 3, 1]);
}

/** A weight in our layout: OIHW kernels to HWIO, [C, 1, 1, 1] to [C] where ours is a vector; rows of vectors stay. */
export function toOurLayout({ shape, data }: VectorTensor, rank: number): HostTensor {
  if (rank === 4) return transposed(shape, data, [2, 3, 1, 0]);
  return { shape: rank === 2 ? shape : [data.length], data };
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
    const paths = names.get(name.slice("state.".length));
    if (paths === undefined) throw new Error(`No path is listed for \`${name}\``);
    if (paths === null) continue;
    if (typeof paths === "string")
      weights.set(paths, toOurLayout(tensor, paths.endsWith("kernel") ? 4 : 1));
    else for (const [row, path] of paths.entries()) weights.set(path, rowOf(tensor, row));
  }
  return weights;
}

/** One row of a tensor whose rows are weights of their own. */
function rowOf({ shape, data }: VectorTensor, row: number): HostTensor {
  const size = data.length / shape[0]!;
  return { shape: shape.slice(1), data: data.slice(row * size, (row + 1) * size) };
}

/** What a table calls one tensor, out of weights by our paths; absent where one of them is. */
export function gather(
  weights: ReadonlyMap<string, HostTensor>,
  paths: Paths | undefined,
): HostTensor | undefined {
  if (typeof paths === "string") return weights.get(paths);
  const rows = (paths ?? []).flatMap((path) => weights.get(path) ?? []);
  const [first] = rows;
  if (!first || rows.length !== paths?.length) return undefined;
  const data = Float32Array.from(rows.flatMap((row) => [...row.data]));
  return { shape: [rows.length, ...first.shape], data };
}
