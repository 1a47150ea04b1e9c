import { tf } from "../tensors.ts";

/**
 * The kernel of a convolution in groups followed by a 1x1 one: grouped [h, w, I / groups, T], its outputs group by group, and pointwise
 * [1, 1, T, O] -> [h, w, I, O]. One small product per group.
 */
export function mixKernels(grouped: tf.Tensor, pointwise: tf.Tensor, groups: number): tf.Tensor {
  const [height = 1, width = 1, inputs = 1, middle = 1] = grouped.shape;
  const outputs = pointwise.shape[3] ?? 1;
  const share = middle / groups;
  const rows = height * width * inputs;
  const byGroup = tf.transpose(tf.reshape(grouped, [rows, groups, share]), [1, 0, 2]);
  const product = tf.matMul(byGroup, tf.reshape(pointwise, [groups, share, outputs]));
  const taps = tf.reshape(product, [groups, height * width, inputs, outputs]);
  return tf.reshape(tf.transpose(taps, [1, 0, 2, 3]), [height, width, groups * inputs, outputs]);
}
