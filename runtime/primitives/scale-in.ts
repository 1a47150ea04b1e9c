import { tf } from "../tensors.ts";

/**
 * K[h,w,i,o] * v[input channel]: kernel [h, w, I, O]; perInput [I * groups], group by group, because output o
 * of group g sees the input channels g * I to g * I + I - 1.
 */
export function scaleIn(kernel: tf.Tensor, perInput: tf.Tensor, groups: number): tf.Tensor {
  const [height = 1, width = 1, inputs = 1, outputs = 1] = kernel.shape;
  const byGroup = tf.reshape(perInput, [groups, inputs]);
  const factor = tf.reshape(groups === 1 ? byGroup : tf.transpose(byGroup), [inputs, groups, 1]);
  const grouped = tf.reshape(kernel, [height * width, inputs, groups, outputs / groups]);
  return tf.reshape(tf.mul(grouped, factor), [height, width, inputs, outputs]);
}
