import { tf } from "../tensors.ts";

/**
 * Zeros between taps: [h, w, I, O] -> [(h - 1) * byRows + 1, (w - 1) * byColumns + 1, I, O]. The result is convolved
 * undilated, because engines cannot differentiate dilated convolutions.
 */
export function dilateKernel(kernel: tf.Tensor, byRows: number, byColumns: number): tf.Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  const tall = spread(kernel, height, width * inputs * outputs, 1, byRows);
  const newHeight = (height - 1) * byRows + 1;
  const wide = spread(tall, width, inputs * outputs, newHeight, byColumns);
  return tf.reshape(wide, [newHeight, (width - 1) * byColumns + 1, inputs, outputs]);
}

/** x as [outer, size, inner] gets factor - 1 zeros after each of the `size` entries but the last. */
function spread(
  x: tf.Tensor,
  size: number,
  inner: number,
  outer: number,
  factor: number,
): tf.Tensor {
  const entries = tf.reshape(x, [outer, size, 1, inner]);
  const followed = tf.pad(entries, [[0, 0], [0, 0], [0, factor - 1], [0, 0]]); // prettier-ignore
  const full = tf.reshape(followed, [outer, size * factor, inner]);
  return tf.slice(full, [0, 0, 0], [outer, (size - 1) * factor + 1, inner]);
}
