import { tf } from "../tensors.ts";

/** Zeros around a map [B, H, W, C]: rows `by[0]` above, `by[1]` below, columns `by[2]` left, `by[3]` right. */
export function padMap(x: tf.Tensor, by: readonly [number, number, number, number]): tf.Tensor {
  const [top, bottom, left, right] = by;
  return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]); // prettier-ignore
}
