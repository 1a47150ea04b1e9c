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
 * `lattice` does not divide the size. No tensor is read for it, for which a GPU would have to be waited for.
 * @param x [B, H, W, C]
 * @param draw a whole number from 0 to 2^32 - 1, another one for each step
 * @param path of the normalization, so that not all draw alike
 */
export function sampleLattice(
  x: tf.Tensor,
  windows: LatticeWindows,
  lattice: number,
  draw: number,
  path: string,
): tf.Tensor {
  const [top, bottom, left, right] = windows.pads;
  const [ofRows, ofColumns] = latticeShares(draw, path);
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
  const rows = span(height, top, bottom, windows.size[0], ofRows);
  const columns = span(width, left, right, windows.size[1], ofColumns);
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

/** Two numbers in [0, 1), evenly spread over draws and over paths. */
function latticeShares(draw: number, path: string): readonly [number, number] {
  let hash = mixBits(0x9e3779b9, draw);
  for (const letter of path) hash = mixBits(hash, letter.codePointAt(0)!);
  const rows = mixBits(hash, 1);
  return [(rows >>> 0) / 2 ** 32, (mixBits(rows, 2) >>> 0) / 2 ** 32];
}

/** A hash of 32 bits and one more number. */
function mixBits(hash: number, next: number): number {
  let bits = Math.imul(hash ^ next, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}
