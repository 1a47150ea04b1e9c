import { tf } from "../tensors.ts";

/** The taps of a kernel [h, w, I, O] turned by half a turn: K[h - 1 - row, w - 1 - column, i, o]. */
export function flipKernel(kernel: tf.Tensor): tf.Tensor {
  return tf.reverse(kernel, [0, 1]);
}
