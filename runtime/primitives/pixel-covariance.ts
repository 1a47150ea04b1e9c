import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/** Of pixels with C channels: the mean [1, C], and the biased covariance [C, C] (divided by the count). */
export type PixelCovariance = { readonly mean: tf.Tensor; readonly covariance: tf.Tensor };

/** Mean and covariance of the pixels of x [..., C]; they are centred first, so that a large mean does not cancel. */
export function pixelCovariance(x: tf.Tensor): PixelCovariance {
  const channels = x.shape[x.rank - 1]!;
  const both = customGradient(
    [x],
    (save) => {
      const rows = tf.reshape(x, [-1, channels]);
      const count = x.size / channels;
      const mean = tf.div(tf.sum(rows, 0, true), count);
      const centred = tf.sub(rows, mean);
      save([x, mean]);
      return tf.concat([mean, tf.div(tf.matMul(centred, centred, true), count)], 0);
    },
    (gradient, saved) => [covarianceGradient(gradient, saved[0]!, saved[1]!)],
  );
  const [mean, covariance] = tf.split(both, [1, channels], 0);
  return { mean: mean!, covariance: covariance! };
}

/** With N pixels and the gradients g of the mean and G of the covariance: d x = (g + (x - mean) (G + G')) / N. */
function covarianceGradient(gradient: tf.Tensor, x: tf.Tensor, mean: tf.Tensor): tf.Tensor {
  const channels = mean.size;
  const count = x.size / channels;
  const [ofMean, ofCovariance] = tf.split(gradient, [1, channels], 0) as [tf.Tensor2D, tf.Tensor2D];
  const slope = tf.div(tf.add(ofCovariance, tf.transpose(ofCovariance)), count) as tf.Tensor2D;
  const shift = tf.sub(tf.div(ofMean, count), tf.matMul(mean as tf.Tensor2D, slope));
  const ofX = tf.fused.conv2d({
    x: tf.reshape<tf.Rank.R4>(x, [1, count, 1, channels]),
    filter: tf.reshape<tf.Rank.R4>(slope, [1, 1, channels, channels]),
    bias: tf.reshape(shift, [channels]),
    strides: 1,
    pad: "valid",
  });
  return tf.reshape(ofX, x.shape);
}
