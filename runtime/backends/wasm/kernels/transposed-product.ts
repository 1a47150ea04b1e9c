import { tf } from "../../../tensors.ts";
import type { Crew } from "../crew.ts";
import { largestDivisor } from "./largest-divisor.ts";
import type { KernelCall } from "./register-kernel.ts";
import { fitsTiles, tiledFilterGradient } from "./tiled-filter-gradient.ts";

/** Rows that are added up in registers before they go to memory. */
const rowsPerSum = 64;

/**
 * A' B for two matrices of many rows, [N, I]' [N, O] -> [I, O]: a covariance, or a dense layer's gradient.
 * It is the filter gradient of a 1x1 convolution; the engine's own way with a transposed factor is slow.
 * @returns undefined for every other form of product
 */
export function multiplyTransposed(
  { inputs, attributes }: KernelCall,
  crew: Crew | undefined,
): tf.Tensor | undefined {
  const { a, b } = inputs as { a: tf.Tensor; b: tf.Tensor };
  const isTransposed = attributes["transposeA"] === true && attributes["transposeB"] !== true;
  if (crew === undefined || !isTransposed || a.rank !== 2 || b.rank !== 2) return undefined;
  const [rows, inputChannels] = a.shape as [number, number];
  const outputs = b.shape[1]!;
  const columns = largestDivisor(rows, rowsPerSum);
  if (columns < 8 || !fitsTiles(inputChannels, outputs)) return undefined;
  const x = tf.reshape(a, [1, rows / columns, columns, inputChannels]);
  const dy = tf.reshape(b, [1, rows / columns, columns, outputs]);
  const sizes = { filterRows: 1, filterColumns: 1, strideRows: 1, strideColumns: 1 };
  return tf.reshape(tiledFilterGradient(crew, x, dy, sizes), [inputChannels, outputs]);
}
