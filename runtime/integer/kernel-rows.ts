import type { Levels } from "./value.ts";

/**
 * A kernel's taps, output channel by output channel. Two output channels may share a row of doubles, as `first + second · 2^27`: a dot product
 * of the row is then both sums at once, exactly, as long as neither can leave ±2^25 (53 bits hold both).
 */
export interface KernelRows {
  readonly taps: Float64Array;
  /** Taps in a row. */
  readonly length: number;
  /** Output channels in a row. */
  readonly lanes: 1 | 2;
}

const lane = 2 ** 27;
const laneBound = 2 ** 25;

/**
 * Rows of an HWIO kernel.
 *
 * @param bound largest |partial sum| that any input could cause
 */
export function kernelRows(kernel: Levels, groups: number, bound: number): KernelRows {
  const out = kernel.shape.at(-1) ?? 1;
  const lanes = bound <= laneBound && (out / groups) % 2 === 0 ? 2 : 1;
  const length = kernel.levels.length / out;
  const taps = new Float64Array(kernel.levels.length / lanes);
  for (let i = 0; i < length; i++) {
    for (let o = 0; o < out; o++) {
      const tap = kernel.levels[i * out + o]!;
      taps[Math.floor(o / lanes) * length + i]! += o % lanes === 1 ? tap * lane : tap;
    }
  }
  return { taps, length, lanes };
}

/** The sums of output channels from the sums of rows. */
export function unpackSums(sums: Float64Array, { lanes }: KernelRows): Float64Array {
  if (lanes === 1) return sums;
  const unpacked = new Float64Array(2 * sums.length);
  for (let i = 0; i < sums.length; i++) {
    const both = sums[i]!;
    const second = Math.round(both / lane);
    unpacked[2 * i] = both - second * lane;
    unpacked[2 * i + 1] = second;
  }
  return unpacked;
}

/** Largest Σ|level| of an output channel. */
export function largestRow({ levels, shape }: Levels): number {
  const out = shape.at(-1) ?? 1;
  const sums = new Float64Array(out);
  for (let i = 0; i < levels.length; i++) sums[i % out]! += Math.abs(levels[i]!);
  return sums.reduce((largest, sum) => Math.max(largest, sum), 0);
}
