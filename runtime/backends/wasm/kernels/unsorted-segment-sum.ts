import { tf } from "../../../tensors.ts";
import type { KernelCall } from "./register-kernel.ts";

/** UnsortedSegmentSum, the gradient of a gather: a product with the ids' one-hot matrix. */
export function unsortedSegmentSum({ inputs, attributes }: KernelCall): tf.Tensor {
  const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor };
  const segments = attributes["numSegments"] as number;
  const ids = tf.reshape(segmentIds, [segmentIds.size]) as tf.Tensor1D;
  // Cast after, because the engine's OneHot writes integers' bits even where it is asked for floats.
  const membership = tf.cast(tf.transpose(tf.oneHot(ids, segments)), "float32");
  const rows = tf.reshape(x, [segmentIds.size, -1]) as tf.Tensor2D;
  const sums = tf.matMul(membership as tf.Tensor2D, rows);
  return tf.reshape(sums, [segments, ...x.shape.slice(segmentIds.rank)]);
}
