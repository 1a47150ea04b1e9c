import { tf } from "../tensors.ts";

/**
 * The pixels of maps that lie `distance` apart, as maps of their own: [B, H, W, C] -> [distance² · B, H / distance, W / distance, C], phase
 * (i, j) of image b at (j · distance + i) · B + b.
 */
export function splitPhases(x: tf.Tensor, distance: number): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [down, across] = [height / distance, width / distance];
  const lines = tf.reshape(x, [batch, down, distance, width * channels]);
  const byRow = tf.transpose(lines, [2, 0, 1, 3]);
  const pixels = tf.reshape(byRow, [height * batch, across, distance, channels]);
  const byColumn = tf.transpose(pixels, [2, 0, 1, 3]);
  return tf.reshape(byColumn, [distance * distance * batch, down, across, channels]);
}

/** Puts the pixels of `splitPhases` back beside each other. */
export function joinPhases(phases: tf.Tensor, distance: number): tf.Tensor {
  const [count = 0, down = 0, across = 0, channels = 0] = phases.shape;
  const batch = count / (distance * distance);
  const byColumn = tf.reshape(phases, [distance, distance * batch * down, across, channels]);
  const pixels = tf.transpose(byColumn, [1, 2, 0, 3]);
  const width = across * distance;
  const byRow = tf.reshape(pixels, [distance, batch, down, width * channels]);
  const lines = tf.transpose(byRow, [1, 2, 0, 3]);
  return tf.reshape(lines, [batch, down * distance, width, channels]);
}
