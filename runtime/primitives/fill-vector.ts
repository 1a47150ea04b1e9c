import { tf } from "../tensors.ts";

/** One number `size` times: [size]. No gradient. */
export function fillVector(value: number, size: number): tf.Tensor {
  return tf.fill([size], value);
}
