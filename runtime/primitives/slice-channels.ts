import { tf } from "../tensors.ts";

/** `count` channels from `first` on, counted from 0: [..., C] -> [..., count]. */
export function sliceChannels(x: tf.Tensor, first: number, count: number): tf.Tensor {
  const leading = x.shape.slice(0, -1);
  return tf.slice(x, [...leading.map(() => 0), first], [...leading, count]);
}
