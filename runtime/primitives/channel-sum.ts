import { tf } from "../tensors.ts";

/** Sum over all axes but the last: [..., C] -> [C]. Has TensorFlow's own gradient. */
export function channelSum(x: tf.Tensor): tf.Tensor1D {
  const channels = x.shape[x.rank - 1] ?? 1;
  return tf.sum(tf.reshape(x, [-1, channels]), 0);
}
