import { tf } from "../tensors.ts";

/** Zeros around a kernel [h, w, I, O] up to [height, width, I, O], `top` rows and `left` columns of them before it. */
export function embedKernel(
  kernel: tf.Tensor,
  height: number,
  width: number,
  top: number,
  left: number,
): tf.Tensor {
  const [rows = 1, columns = 1] = kernel.shape;
  const below = height - top - rows;
  const right = width - left - columns;
  return tf.pad(kernel, [[top, below], [left, right], [0, 0], [0, 0]]); // prettier-ignore
}
