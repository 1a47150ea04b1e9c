import { tf } from "../tensors.ts";

/**
 * The kernel of a 1x1 convolution followed by a depthwise one: pointwise [1, 1, I, O] and depthwise [h, w, 1, O] ->
 * [h, w, I, O], pointwise[i,o] * depthwise[h,w,o].
 */
export function spreadKernel(pointwise: tf.Tensor, depthwise: tf.Tensor): tf.Tensor {
  return tf.mul(depthwise, pointwise);
}
