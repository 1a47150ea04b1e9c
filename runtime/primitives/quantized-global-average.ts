import { tf } from "../tensors.ts";

/**
 * Mean of every channel of a map given as integer levels: fl(Σ levels * fl(step / (H * W))), the sum exact below 2^24.
 * levels [B, H, W, C], step [] -> [B, C]
 */
export function quantizedGlobalAverage(levels: tf.Tensor, step: tf.Tensor): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = levels.shape;
  const total = tf.sum(tf.reshape(levels, [batch, height * width, channels]), 1);
  return tf.mul(total, tf.div(step, height * width));
}
