import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import type { Moments } from "./moments.ts";

/**
 * The moments of x W without x W: with the mean m [1, I] and the covariance C [I, I] of x's pixels, the mean is m W and
 * the variances are the diagonal of W' C W. All 1x1 kernels [1, 1, I, O] over the same x share m and C.
 */
export function pointwiseMoments(
  mean: tf.Tensor,
  covariance: tf.Tensor,
  kernel: tf.Tensor,
): Moments {
  const weights = tf.reshape(kernel, [kernel.shape[2]!, kernel.shape[3]!]);
  return {
    mean: tf.reshape(tf.matMul(mean, weights), [-1]),
    variance: channelSum(tf.mul(weights, tf.matMul(covariance, weights))),
  };
}
