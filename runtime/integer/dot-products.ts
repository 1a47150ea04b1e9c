import type { KernelRows } from "./kernel-rows.ts";

/** The input under the kernel at an output position: runs of `length` numbers that begin at these offsets from its corner. */
export interface Window {
  readonly offsets: Int32Array;
  readonly length: number;
}

/** What all positions of a convolution share. */
export interface Operands {
  readonly data: Float64Array;
  readonly window: Window;
  readonly rows: KernelRows;
  /** Results: row by row, position by position. */
  readonly sums: Float64Array;
}

/** Rows of the kernel that meet the window at two positions, and where the results of each position begin. */
export interface Pair {
  readonly first: number;
  readonly count: number;
  readonly corners: readonly [number, number];
  readonly at: readonly [number, number];
}

/**
 * Dot products of the window at two positions with `count` rows. Two positions by four rows at a time: each number that is read serves several
 * products, and no addition waits for the one before.
 */
export function dotProducts(operands: Operands, pair: Pair): void {
  const { first, count } = pair;
  let o = 0;
  for (; o + 4 <= count; o += 4) fourRows(operands, pair, first + o, o);
  for (; o < count; o++) oneRow(operands, pair, first + o, o);
}

function fourRows(
  { data, window, rows, sums }: Operands,
  pair: Pair,
  row: number,
  o: number,
): void {
  const { taps, length: stride } = rows;
  const { offsets, length } = window;
  const [corner, other] = pair.corners;
  const step = other - corner;
  let tap = row * stride;
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let run = 0; run < offsets.length; run++) {
    const from = corner + offsets[run]!;
    for (let i = from; i < from + length; i++) {
      const x = data[i]!;
      const y = data[i + step]!;
      const p = taps[tap]!;
      const q = taps[tap + stride]!;
      const r = taps[tap + 2 * stride]!;
      const s = taps[tap + 3 * stride]!;
      a += x * p;
      b += x * q;
      c += x * r;
      d += x * s;
      e += y * p;
      f += y * q;
      g += y * r;
      h += y * s;
      tap++;
    }
  }
  const [at, otherAt] = pair.at;
  sums[at + o] = a;
  sums[at + o + 1] = b;
  sums[at + o + 2] = c;
  sums[at + o + 3] = d;
  sums[otherAt + o] = e;
  sums[otherAt + o + 1] = f;
  sums[otherAt + o + 2] = g;
  sums[otherAt + o + 3] = h;
}

function oneRow({ data, window, rows, sums }: Operands, pair: Pair, row: number, o: number): void {
  const { offsets, length } = window;
  const [corner, other] = pair.corners;
  const step = other - corner;
  let tap = row * rows.length;
  let [a, b] = [0, 0];
  for (let run = 0; run < offsets.length; run++) {
    const from = corner + offsets[run]!;
    for (let i = from; i < from + length; i++) {
      const weight = rows.taps[tap++]!;
      a += data[i]! * weight;
      b += data[i + step]! * weight;
    }
  }
  sums[pair.at[0] + o] = a;
  sums[pair.at[1] + o] = b;
}
