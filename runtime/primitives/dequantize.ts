import { tf } from "../tensors.ts";

/** Levels times step: levels [..., C], step [] or one per last-axis channel [C]. */
export function dequantize(levels: tf.Tensor, step: tf.Tensor): tf.Tensor {
  return tf.mul(levels, step);
}
