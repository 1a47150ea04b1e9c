import { tf } from "../tensors.ts";

/**
 * A map cut into squares of `distance` by `distance`, of each the first `rows` and `columns` pixels (at most `distance`)
 * side by side as channels: [B, H, W, C] -> [B, H / distance, W / distance, rows * columns * C]. A convolution over the
 * squares, with its kernel from `foldKernel`, then does what one of stride `distance` does over the map; its gradients
 * are those of a stride of 1, which engines compute without the positions in between.
 */
export function foldWindows(
  x: tf.Tensor,
  distance: number,
  [rows, columns]: readonly [number, number],
): tf.Tensor {
  if (distance === 1) return x;
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const [down, across] = [height / distance, width / distance];
  const [line, pixels] = [width * channels, columns * channels];
  const ofRows = tf.slice(
    tf.reshape(x, [batch * down, distance * line]),
    [0, 0],
    [batch * down, rows * line],
  );
  const squares = batch * down * rows * across;
  const ofColumns = tf.slice(
    tf.reshape(ofRows, [squares, distance * channels]),
    [0, 0],
    [squares, pixels],
  );
  const beside = tf.transpose(
    tf.reshape(ofColumns, [batch * down, rows, across, pixels]),
    [0, 2, 1, 3],
  );
  return tf.reshape(beside, [batch, down, across, rows * pixels]);
}

/** The kernel of the same convolution over what `foldWindows` yields: [kh, kw, I, O] -> [kh / rows, kw / columns, rows * columns * I, O], rounded up. */
export function foldKernel(kernel: tf.Tensor, distance: number): tf.Tensor {
  if (distance === 1) return kernel;
  const [kh = 1, kw = 1, inputs = 1, outputs = 1] = kernel.shape;
  const [rows, columns] = [Math.min(distance, kh), Math.min(distance, kw)];
  const [down, across] = [Math.ceil(kh / rows), Math.ceil(kw / columns)];
  const whole = tf.pad(kernel, [[0, down * rows - kh], [0, across * columns - kw], [0, 0], [0, 0]]); // prettier-ignore
  const depth = columns * inputs * outputs;
  const beside = tf.transpose(tf.reshape(whole, [down, rows, across, depth]), [0, 2, 1, 3]);
  return tf.reshape(beside, [down, across, rows * columns * inputs, outputs]);
}
