import { tf } from "../tensors.ts";
import { addChannels } from "./add-channels.ts";
import { scaleChannels } from "./scale-channels.ts";

/**
 * Batch normalization with given statistics, y = (x - mean) * (gamma * rsqrt(variance + epsilon)) + beta.
 * x [..., C], all others [C]; differentiable in every tensor.
 */
export function normalize(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  const factor = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
  return addChannels(scaleChannels(addChannels(x, tf.neg(mean)), factor), beta);
}
