import { tf } from "../../../tensors.ts";

/** Puts `stride - 1` zeros between neighbours: [B, H, W, C] -> [B, (H - 1) * rows + 1, (W - 1) * columns + 1, C]. */
export function spreadWithZeros(map: tf.Tensor, rows: number, columns: number): tf.Tensor {
  if (rows === 1 && columns === 1) return map;
  const [batch = 0, height = 0, width = 0, channels = 0] = map.shape;
  const wide = tf.pad(tf.reshape(map, [batch * height, width, 1, channels]), [
    [0, 0],
    [0, 0],
    [0, columns - 1],
    [0, 0],
  ]);
  const rowLength = width * columns * channels;
  const tall = tf.pad(tf.reshape(wide, [batch, height, 1, rowLength]), [
    [0, 0],
    [0, 0],
    [0, rows - 1],
    [0, 0],
  ]);
  const spread = tf.reshape(tall, [batch, height * rows, width * columns, channels]);
  const size = [batch, (height - 1) * rows + 1, (width - 1) * columns + 1, channels];
  return tf.slice(spread, [0, 0, 0, 0], size);
}
