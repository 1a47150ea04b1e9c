import { tf } from "../../../tensors.ts";

/** Rows and columns to add around a map; negative numbers take away. */
export type Frame = { top: number; bottom: number; left: number; right: number };

/** Pads a map [B, H, W, C] with zeros where the frame is positive and crops it where it is negative. */
export function reframe(map: tf.Tensor, { top, bottom, left, right }: Frame): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = map.shape;
  const isCropped = [top, bottom, left, right].some((n) => n < 0);
  const kept = isCropped
    ? tf.slice(
        map,
        [0, cut(top), cut(left), 0],
        [batch, height - cut(top) - cut(bottom), width - cut(left) - cut(right), channels],
      )
    : map;
  if ([top, bottom, left, right].every((n) => n <= 0)) return kept;
  return tf.pad(kept, [
    [0, 0],
    [add(top), add(bottom)],
    [add(left), add(right)],
    [0, 0],
  ]);
}

function cut(n: number): number {
  return Math.max(0, -n);
}

function add(n: number): number {
  return Math.max(0, n);
}
