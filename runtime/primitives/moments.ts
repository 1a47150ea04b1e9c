import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { customGradient } from "./custom-gradient.ts";
import { scaleAndShift } from "./scale-and-shift.ts";

/** Per channel: the mean, and the biased variance (divided by the count). Both [C]. */
export type Moments = { readonly mean: tf.Tensor; readonly variance: tf.Tensor };

/** Mean and biased variance of x [..., C] over all axes but the last. */
export function moments(x: tf.Tensor): Moments {
  const both = customGradient(
    [x],
    (save) => {
      const stacked = stackMoments(x);
      save([x, stacked]);
      return stacked;
    },
    (gradient, saved) => [momentsGradient(gradient, saved[0]!, saved[1]!)],
  );
  const [mean, variance] = tf.unstack(both);
  return { mean: mean!, variance: variance! };
}

/** Mean and variance as one tensor [2, C]; no gradient. */
export function stackMoments(x: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const count = x.size / (x.shape[x.rank - 1] ?? 1);
    const mean = tf.div(channelSum(x), count);
    // Squares of differences, not a difference of squares: the latter cancels where |mean| is large.
    const variance = tf.div(channelSum(tf.squaredDifference(x, mean)), count);
    return tf.stack([mean, variance]);
  });
}

/**
 * The gradient of `stackMoments` with respect to x, given the gradient [2, C] of its value:
 * d mean / d x = 1 / N and d variance / d x = 2 (x - mean) / N, which is a line in x per channel.
 */
export function momentsGradient(gradient: tf.Tensor, x: tf.Tensor, stacked: tf.Tensor): tf.Tensor {
  const [mean] = tf.unstack(stacked);
  const [ofMean, ofVariance] = tf.unstack(tf.div(gradient, x.size / mean!.size));
  const slope = tf.mul(ofVariance!, 2);
  return scaleAndShift(x, slope, tf.sub(ofMean!, tf.mul(slope, mean!)));
}
