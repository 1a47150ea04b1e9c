import { tf } from "../tensors.ts";
import { conv } from "./conv.ts";

/**
 * The kernel of "first, then second": M[s,i,o] = Σ_{q+r=s} Σ_m first[r,i,m] second[q,m,o], taps added as in a true
 * convolution. first [h, w, I, M] and second [h', w', M / groups, O] -> [h + h' - 1, w + w' - 1, I, O].
 */
export function composeKernels(first: tf.Tensor, second: tf.Tensor, groups: number): tf.Tensor {
  if (groups === 1 && isPointwise(second)) return composeWithPointwise(first, second);
  if (groups === 1 && isPointwise(first)) return composePointwise(first, second);
  return convolveKernels(first, second, groups);
}

function isPointwise(kernel: tf.Tensor): boolean {
  return kernel.shape[0] === 1 && kernel.shape[1] === 1;
}

/** Every tap of the first times the second's one matrix: a single product. */
function composeWithPointwise(first: tf.Tensor, second: tf.Tensor): tf.Tensor {
  const [height = 1, width = 1, inputs = 1, middle = 1] = first.shape;
  const outputs = second.shape[3] ?? 1;
  const taps = tf.reshape(first, [height * width * inputs, middle]);
  const product = tf.matMul(taps, tf.reshape(second, [middle, outputs]));
  return tf.reshape(product, [height, width, inputs, outputs]);
}

/** The first's one matrix times all of the second's taps laid side by side. */
function composePointwise(first: tf.Tensor, second: tf.Tensor): tf.Tensor {
  const [, , inputs = 1, middle = 1] = first.shape;
  const [height = 1, width = 1, , outputs = 1] = second.shape;
  const taps = tf.reshape(second, [height * width, middle, outputs]);
  const beside = tf.reshape(tf.transpose(taps, [1, 0, 2]), [middle, height * width * outputs]);
  const product = tf.matMul(tf.reshape(first, [inputs, middle]), beside);
  const byTap = tf.transpose(tf.reshape(product, [inputs, height * width, outputs]), [1, 0, 2]);
  return tf.reshape(byTap, [height, width, inputs, outputs]);
}

/** The first kernel as a batch of I images with M channels, cross-correlated with the second one turned around. */
function convolveKernels(first: tf.Tensor, second: tf.Tensor, groups: number): tf.Tensor {
  const [height = 1, width = 1] = second.shape;
  const images = tf.transpose(first, [2, 0, 1, 3]);
  const turned = tf.reverse(second, [0, 1]);
  const pads = [height - 1, height - 1, width - 1, width - 1] as const;
  return tf.transpose(conv(images, turned, { stride: 1, pads, groups }), [1, 2, 0, 3]);
}
