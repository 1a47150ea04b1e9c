import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../../tensors.ts";
import { tile } from "../assembly/filter-gradient.ts";
import type { Crew } from "../crew.ts";

/** Sizes of a filter gradient over an input that already carries its padding. */
export type FilterGradientSizes = {
  readonly filterRows: number;
  readonly filterColumns: number;
  readonly strideRows: number;
  readonly strideColumns: number;
};

/** Whether the channels fill whole tiles; others take the slower road through the engine's convolution. */
export function fitsTiles(inputs: number, outputs: number): boolean {
  return inputs % tile.inputs === 0 && outputs % tile.outputs === 0;
}

/**
 * dF[i, j, ci, co] = sum of x[b, p s + i, q s + j, ci] dy[b, p, q, co], by our own WebAssembly function.
 * Threads share the input channels, so their number does not change a single bit of the result.
 * @param x [B, (OH - 1) s + kh, (OW - 1) s + kw, Ci] @param dy [B, OH, OW, Co] @returns [kh, kw, Ci, Co]
 */
export function tiledFilterGradient(
  crew: Crew,
  x: tf.Tensor,
  dy: tf.Tensor,
  sizes: FilterGradientSizes,
): tf.Tensor {
  const [images = 0, height = 0, width = 0, inputs = 0] = x.shape;
  const [, rows = 0, columns = 0, outputs = 0] = dy.shape;
  const { filterRows, filterColumns, strideRows, strideColumns } = sizes;
  const gradient = tf.zeros([filterRows, filterColumns, inputs, outputs]);
  const engine = tf.backend() as BackendWasm;
  const [from, through, to] = [x, dy, gradient].map(({ dataId }) => engine.getMemoryOffset(dataId));
  const pixel = 4 * inputs;
  const line = width * pixel;
  const tap = 4 * inputs * outputs;
  const tilesPerShare = Math.ceil(inputs / tile.inputs / crew.threads);
  const perShare = tilesPerShare * tile.inputs;
  const shares = Array.from({ length: Math.ceil(inputs / perShare) }, (_, share) => {
    const first = share * perShare;
    return [
      from! + 4 * first,
      through!,
      to! + 4 * first * outputs,
      images,
      rows,
      filterRows,
      filterColumns * pixel,
      columns * outputs * 4,
      Math.min(perShare, inputs - first) * 4,
      outputs * 4,
      pixel,
      strideColumns * pixel,
      line,
      strideRows * line,
      height * line,
      tap,
      filterColumns * tap,
    ];
  });
  crew.run(shares);
  return gradient;
}
