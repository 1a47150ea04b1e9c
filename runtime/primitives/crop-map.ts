import { tf } from "../tensors.ts";

/** A map [B, H, W, C] without its rim: rows `by[0]` above, `by[1]` below, columns `by[2]` left, `by[3]` right. */
export function cropMap(x: tf.Tensor, by: readonly [number, number, number, number]): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [top, bottom, left, right] = by;
  const size = [batch, height - top - bottom, width - left - right, channels];
  return tf.slice(x, [0, top, left, 0], size);
}
