import { tf } from "../tensors.ts";
import { customGradient } from "./custom-gradient.ts";

/**
 * The largest number of every window, [rows, columns] `size`, whose corners are `stride` apart: [B, H, W, C] -> [B, H', W', C]. What lies at
 * `pads` [top, bottom, left, right] beyond the map is smaller than every number. Of equal numbers the first, row by row, gets the gradient.
 */
export function maxPool(
  x: tf.Tensor,
  size: readonly [number, number],
  stride: number,
  pads: readonly [number, number, number, number],
): tf.Tensor {
  const [top, bottom, left, right] = pads;
  const rows: PoolAxis = { axis: 1, size: size[0], stride, before: top, after: bottom };
  const columns: PoolAxis = { axis: 2, size: size[1], stride, before: left, after: right };
  return customGradient(
    [x],
    (save) => {
      const y = maximumAlong(maximumAlong(x, columns), rows);
      save([x, y]);
      return y;
    },
    // Not the engine's: in WebAssembly that one is wrong (TensorFlow.js 4.22), and no faster.
    (gradient, saved) => {
      const [x, y] = [saved[0]!, saved[1]!];
      const narrow = maximumAlong(x, columns);
      return [shareAlong(shareAlong(gradient, narrow, y, rows), x, narrow, columns)];
    },
  );
}

/** Windows along one axis of a map, with positions beyond either end. */
interface PoolAxis {
  readonly axis: 1 | 2;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/** The largest number of every window. */
function maximumAlong(x: tf.Tensor, { axis, size, stride, before, after }: PoolAxis): tf.Tensor {
  const padded = padAxis(x, axis, before, after, -Infinity) as tf.Tensor4D;
  return axis === 1
    ? tf.maxPool(padded, [size, 1], [stride, 1], "valid")
    : tf.maxPool(padded, [1, size], [1, stride], "valid");
}

/** Gradient of x from that of the windows' maxima y: all of it to the window's first number that is the maximum. */
function shareAlong(gradient: tf.Tensor, x: tf.Tensor, y: tf.Tensor, axis: PoolAxis): tf.Tensor {
  const strides = cutAxis(x, y, axis);
  let rest = flattenAxis(gradient, axis);
  const maxima = flattenAxis(y, axis);
  const shares = Array.from({ length: axis.size }, (_, at) => {
    const passed = tf.mul(rest, tf.step(tf.sub(maxima, tapOfWindows(strides, maxima, at, axis))));
    const share = tf.sub(rest, passed);
    rest = passed;
    return share;
  });
  return joinTaps(shares, strides, x, axis);
}

/** A map as [outer, positions, inner], positions being those of the axis. */
function flattenAxis(x: tf.Tensor, { axis }: PoolAxis): tf.Tensor {
  const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);
  return tf.reshape(x, [product(x.shape.slice(0, axis)), x.shape[axis] ?? 0, product(x.shape.slice(axis + 1))]); // prettier-ignore
}

/** x with what is beyond it, a stride a row: [outer, strides, stride * inner]; holds all taps of the windows of y, and all of x. */
function cutAxis(x: tf.Tensor, y: tf.Tensor, axis: PoolAxis): tf.Tensor {
  const { size, stride, before } = axis;
  const [windows, length] = [y.shape[axis.axis] ?? 0, x.shape[axis.axis] ?? 0];
  const toLastTap = windows + Math.floor((size - 1) / stride);
  const strides = Math.max(toLastTap, Math.ceil((before + length) / stride));
  const flat = flattenAxis(x, axis);
  const padded = padAxis(flat, 1, before, strides * stride - before - length, -Infinity);
  return tf.reshape(padded, [flat.shape[0] ?? 0, strides, stride * (flat.shape[2] ?? 0)]);
}

/** The number at place `at` of every window, shaped as their maxima. */
function tapOfWindows(
  strides: tf.Tensor,
  maxima: tf.Tensor,
  at: number,
  { stride }: PoolAxis,
): tf.Tensor {
  const inner = maxima.shape[2] ?? 0;
  return tf.slice(strides, [0, Math.floor(at / stride), (at % stride) * inner], maxima.shape);
}

/** The sum of what each tap got, at its place in x. */
function joinTaps(
  shares: readonly tf.Tensor[],
  strides: tf.Tensor,
  x: tf.Tensor,
  axis: PoolAxis,
): tf.Tensor {
  const { stride, before } = axis;
  const [outer = 0, count = 0, width = 0] = strides.shape;
  const inner = width / stride;
  const phases = Array.from({ length: stride }, (_, phase) => {
    const placed = shares.flatMap((share, at) => {
      const first = Math.floor(at / stride);
      return at % stride === phase
        ? [padAxis(share, 1, first, count - first - (share.shape[1] ?? 0), 0)]
        : [];
    });
    return placed.length > 0
      ? placed.reduce((a, b) => tf.add(a, b))
      : tf.zeros([outer, count, inner]);
  });
  const whole = tf.reshape(tf.concat(phases, 2), [outer, count * stride, inner]);
  const own = tf.slice(whole, [0, before, 0], [outer, x.shape[axis.axis] ?? 0, inner]);
  return tf.reshape(own, x.shape);
}

function padAxis(
  x: tf.Tensor,
  axis: number,
  before: number,
  after: number,
  value: number,
): tf.Tensor {
  const around = x.shape.map((_, at): [number, number] => (at === axis ? [before, after] : [0, 0]));
  return before + after === 0 ? x : tf.pad(x, around, value);
}
