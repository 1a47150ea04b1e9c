import { tf } from "../../../tensors.ts";
import { largestDivisor } from "./largest-divisor.ts";
import type { KernelCall } from "./register-kernel.ts";

/** Rows that one average takes in; more would leave too little to share between threads. */
const rowsPerAverage = 1024;

/** Below this many elements the engine's own kernel, one call instead of five, is faster. */
const worthwhile = 8192;

/**
 * Sum over all leading axes: [N, ..., C] -> [C]. The engine's own kernel sums along the last axes only and
 * transposes the input otherwise. Here average pooling, which is vectorized and threaded, adds up most
 * rows, and a matrix product adds up the averages.
 * @returns undefined where the sum is of another form, and the engine's own kernel has to do it
 */
export function sumLeadingAxes({ inputs, attributes }: KernelCall): tf.Tensor | undefined {
  const { x } = inputs as { x: tf.Tensor };
  const axes = tf.util.parseAxisParam(attributes["axis"] as number[], x.shape);
  const isLeading = axes.length === x.rank - 1 && axes.every((axis) => axis < x.rank - 1);
  if (!isLeading || x.dtype !== "float32" || x.size < worthwhile) return undefined;
  const channels = x.shape[x.rank - 1]!;
  const rows = x.size / channels;
  const height = largestDivisor(rows, rowsPerAverage);
  const blocks = tf.reshape(x, [rows / height, height, 1, channels]) as tf.Tensor4D;
  const averages = height === 1 ? blocks : tf.avgPool(blocks, [height, 1], 1, "valid");
  const ones = tf.ones([1, rows / height]);
  const total = tf.matMul(ones, tf.reshape(averages, [rows / height, channels]));
  const sums = tf.mul(total, height);
  const keepsRank = attributes["keepDims"] === true;
  return tf.reshape(sums, keepsRank ? [...axes.map(() => 1), channels] : [channels]);
}
