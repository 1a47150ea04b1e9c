import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { cropMap } from "./crop-map.ts";
import { customGradient } from "./custom-gradient.ts";
import { moments } from "./moments.ts";
import { normalize } from "./normalize.ts";
import { scaleAndShift } from "./scale-and-shift.ts";

/** A normalized batch and the statistics it was normalized by: y as x, mean and biased variance [C]. */
export type NormalizedBatch = {
  readonly y: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
};

/**
 * Batch normalization in training: normalizes x [..., C] by its own mean and biased variance.
 * @param interior rows and columns that do not count for the statistics (top, bottom, left, right),
 *   because they are padding; they are normalized with the rest
 */
export function batchNorm(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
  interior?: readonly [number, number, number, number],
): NormalizedBatch {
  if (interior !== undefined) {
    const { mean, variance } = moments(cropMap(x, interior));
    return { y: normalize(x, mean, variance, gamma, beta, epsilon), mean, variance };
  }
  const { mean, variance } = moments(x);
  const y = customGradient(
    [x, gamma, beta],
    (save) => {
      const inverse = tf.rsqrt(tf.add(variance, epsilon));
      save([x, gamma, mean, inverse]);
      return scaleAndShift(tf.sub(x, mean), tf.mul(gamma, inverse), beta);
    },
    (gradient, saved) => batchNormGradients(gradient, saved),
  );
  return { y, mean, variance };
}

/**
 * Through the statistics too: with n = (x - mean) * inverse,
 * d x = gamma * inverse * (dy - average(dy) - n * average(dy * n)).
 */
function batchNormGradients(gradient: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [x, gamma, mean, inverse] = [saved[0]!, saved[1]!, saved[2]!, saved[3]!];
  const count = x.size / mean.size;
  const ofBeta = channelSum(gradient);
  const factor = tf.mul(gamma, inverse);
  const [ofGamma, line] = tf.tidy((): [tf.Tensor, tf.Tensor] => {
    const centred = tf.sub(x, mean);
    const ofGamma = tf.mul(channelSum(tf.mul(gradient, centred)), inverse);
    const slope = tf.mul(tf.mul(factor, inverse), tf.div(ofGamma, -count));
    return [ofGamma, scaleAndShift(centred, slope, tf.mul(factor, tf.div(ofBeta, -count)))];
  });
  return [tf.add(tf.mul(gradient, factor), line), ofGamma, ofBeta];
}
