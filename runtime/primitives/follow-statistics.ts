import { tf } from "../tensors.ts";

/** (1 - momentum) * running + momentum * batch, as PyTorch counts momentum. Both [C]. */
export function followMean(running: tf.Tensor, batch: tf.Tensor, momentum: number): tf.Tensor {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, momentum));
}

/**
 * As `followMean`, of the variance without bias: N / (N - 1) times the batch's, where N counts what was averaged,
 * `positions` in each of the images of x [B, ...].
 */
export function followVariance(
  running: tf.Tensor,
  batch: tf.Tensor,
  momentum: number,
  x: tf.Tensor,
  positions: number,
): tf.Tensor {
  const count = (x.shape[0] ?? 1) * positions;
  const unbiased = momentum * (count / Math.max(1, count - 1));
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(batch, unbiased));
}
