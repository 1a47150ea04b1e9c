import { tf } from "../tensors.ts";
import { foldWindows } from "./fold-windows.ts";

/** Windows of a convolution: their distance, the zeros around the input, and [rows, columns] of one. */
export type LatticeWindows = {
  readonly stride: number;
  readonly pads: readonly [number, number, number, number];
  readonly size: readonly [number, number];
  readonly folds: boolean;
};

/**
 * What a lattice of output positions sees: every `lattice`-th row and column of a convolution's outputs, from a random
 * one on. A convolution with `lattice` times the stride and no padding then yields the outputs of just these positions;
 * with `folds`, its windows are folded as `foldWindows` does, for `foldKernel` and a stride of 1.
 *
 * The first position is drawn evenly among all, and its lattice taken: so a mean over the lattice is unbiased even where
 * `lattice` does not divide the size. The draw is a hash of `seed` and of a few of x's numbers: another one for every
 * step, the same in a training that is resumed, and no state beside the weights.
 * @param x [B, H, W, C] @param seed the running mean before this step, [O]
 */
export function sampleLattice(
  x: tf.Tensor,
  seed: tf.Tensor,
  windows: LatticeWindows,
  lattice: number,
): tf.Tensor {
  const [top, bottom, left, right] = windows.pads;
  const draw = latticeDraw(seed, x);
  const distance = windows.stride * lattice;
  const [, height = 1, width = 1] = x.shape;
  const span = (size: number, before: number, after: number, k: number, share: number) => {
    const count = Math.floor((size + before + after - k) / windows.stride) + 1;
    const first = Math.floor(share * count) % lattice;
    const taken = Math.ceil((count - first) / lattice) - 1;
    // Folded, a window is as many squares as it reaches into.
    const last = windows.folds ? Math.ceil(k / distance) * distance : k;
    return { start: first * windows.stride - before, length: taken * distance + last };
  };
  const rows = span(height, top, bottom, windows.size[0], draw[0]);
  const columns = span(width, left, right, windows.size[1], draw[1]);
  const seen = cutWithZeros(x, rows, columns);
  if (!windows.folds) return seen;
  const [kh, kw] = windows.size;
  return foldWindows(seen, distance, [Math.min(distance, kh), Math.min(distance, kw)]);
}

type Span = { readonly start: number; readonly length: number };

/** Rows and columns of a map; zeros where they lie outside. */
function cutWithZeros(x: tf.Tensor, rows: Span, columns: Span): tf.Tensor {
  const [batch = 0, height = 0, width = 0, channels = 0] = x.shape;
  const inside = ({ start, length }: Span, size: number) => {
    const [from, to] = [Math.max(0, start), Math.min(size, start + length)];
    return { from, length: to - from, before: from - start, after: start + length - to };
  };
  const [r, c] = [inside(rows, height), inside(columns, width)];
  const cut = tf.slice(x, [0, r.from, c.from, 0], [batch, r.length, c.length, channels]);
  const isWhole = r.before + r.after + c.before + c.after === 0;
  return isWhole ? cut : tf.pad(cut, [[0, 0], [r.before, r.after], [c.before, c.after], [0, 0]]); // prettier-ignore
}

/** Two numbers in [0, 1) that follow from the bits of `seed` and of 64 numbers from the middle of x. */
function latticeDraw(seed: tf.Tensor, x: tf.Tensor): readonly [number, number] {
  const count = Math.min(64, x.size);
  const some = tf.slice(tf.reshape(x, [-1]), [Math.floor((x.size - count) / 2)], [count]);
  const numbers = Float32Array.from([...seed.dataSync(), ...some.dataSync()]);
  let hash = 0x9e3779b9;
  for (const bits of new Int32Array(numbers.buffer)) {
    hash = Math.imul(hash ^ bits, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  const next = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return [(hash >>> 0) / 2 ** 32, ((next ^ (next >>> 12)) >>> 0) / 2 ** 32];
}
