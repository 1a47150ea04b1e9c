import { tf } from "../tensors.ts";

/** Tensors side by side on their last axis: outputs of kernels [h, w, I, O], numbers of vectors, channels of activations [..., C]. */
export function joinChannels(...parts: tf.Tensor[]): tf.Tensor {
  return tf.concat(parts, parts[0]!.rank - 1);
}
