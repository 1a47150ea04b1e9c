import { tf } from "../tensors.ts";
import { channelSum } from "./channel-sum.ts";
import { conv, type ConvGeometry } from "./conv.ts";
import { customGradient } from "./custom-gradient.ts";
import { moments, type Moments } from "./moments.ts";

/** Mean and biased variance, per output channel, of `conv(x, kernel, geometry)`. Shapes as there. */
export function convMoments(x: tf.Tensor, kernel: tf.Tensor, geometry: ConvGeometry): Moments {
  return tf.tidy(() =>
    followsFromCovariance(kernel, geometry)
      ? pointwiseMoments(x, kernel)
      : moments(conv(x, kernel, geometry)),
  );
}

/** A 1x1 kernel sees single pixels; with few more inputs than outputs their covariance is also cheaper. */
function followsFromCovariance(kernel: tf.Tensor, { stride, pads, groups }: ConvGeometry): boolean {
  const [kh = 0, kw = 0, inputs = 0, outputs = 0] = kernel.shape;
  const isPointwise = kh === 1 && kw === 1 && stride === 1 && groups === 1;
  return isPointwise && pads.every((pad) => pad === 0) && inputs <= 2 * outputs;
}

/**
 * The moments of x W without x W: with the mean m and the covariance C of x's pixels, the mean is m W and
 * the variances are the diagonal of W' C W. Neither pass needs the convolution's output.
 */
function pointwiseMoments(x: tf.Tensor, kernel: tf.Tensor): Moments {
  const both = customGradient(
    [x, kernel],
    (save) => {
      const weights = toMatrix(kernel);
      const { mean, covariance } = measureCovariance(x);
      save([x, weights, mean, covariance]);
      const variances = channelSum(tf.mul(weights, tf.matMul(covariance, weights)));
      return tf.concat([tf.matMul(mean, weights), tf.expandDims(variances, 0)], 0);
    },
    (gradient, saved) => pointwiseGradients(gradient, saved, kernel.shape),
  );
  const [mean, variance] = tf.unstack(both);
  return { mean: mean!, variance: variance! };
}

/** A 1x1 kernel [1, 1, I, O] as [I, O]. */
function toMatrix(kernel: tf.Tensor): tf.Tensor2D {
  return tf.reshape(kernel, [kernel.shape[2]!, kernel.shape[3]!]);
}

/** Mean [1, C] and covariance [C, C] of the rows of x; centred first, so that a large mean does not cancel. */
function measureCovariance(x: tf.Tensor): { mean: tf.Tensor; covariance: tf.Tensor } {
  const channels = x.shape[x.rank - 1]!;
  const rows = tf.reshape(x, [-1, channels]);
  const count = x.size / channels;
  const mean = tf.div(tf.sum(rows, 0, true), count);
  const centred = tf.sub(rows, mean);
  return { mean, covariance: tf.div(tf.matMul(centred, centred, true), count) };
}

/**
 * With N rows and the gradients g of the means and h of the variances:
 * d W = m' g + 2 C W diag(h), and d x = (g W' + 2 (x - m) W diag(h) W') / N.
 */
function pointwiseGradients(
  gradient: tf.Tensor,
  saved: tf.Tensor[],
  kernelShape: number[],
): tf.Tensor[] {
  const [x, weights, mean, covariance] = [saved[0]!, saved[1]!, saved[2]!, saved[3]!];
  const channels = mean.size;
  const [ofMean, ofVariance] = tf.split(gradient, 2, 0) as [tf.Tensor2D, tf.Tensor2D];
  const scaled = tf.mul(weights, tf.mul(ofVariance, 2)) as tf.Tensor2D;
  const ofWeights = tf.add(tf.matMul(mean, ofMean, true), tf.matMul(covariance, scaled));
  const count = x.size / channels;
  const slope = tf.div(tf.matMul(scaled, weights, false, true), count) as tf.Tensor2D;
  const shift = tf.sub(
    tf.div(tf.matMul(ofMean, weights, false, true), count),
    tf.matMul(mean, slope),
  );
  const ofX = tf.fused.conv2d({
    x: tf.reshape<tf.Rank.R4>(x, [1, count, 1, channels]),
    filter: tf.reshape<tf.Rank.R4>(slope, [1, 1, channels, channels]),
    bias: tf.reshape(shift, [channels]),
    strides: 1,
    pad: "valid",
  });
  return [tf.reshape(ofX, x.shape), tf.reshape(ofWeights, kernelShape)];
}
