import type { ConvGeometry } from "../../../compiler/ir/conv-geometry.ts";
import { convolveLevels, sumPositions, type Levels, type Sums } from "../../integer/index.ts";
import type { Interval } from "./interval.ts";

/** Bounds of sums of levels. */
export interface SumInterval {
  /** NHWC, or [batch, channels]. */
  readonly shape: readonly number[];
  /** Whole numbers. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Sums that an engine may round on the way to them; absent where there are none. */
  readonly isBeyond?: Uint8Array;
}

/** Float32 adds integers up to this without rounding. */
const exactLimit = 2 ** 24;
const largestSum = 2 ** 31 - 1;

/** What engines may make of a convolution's sums. The levels of `x` are whole at both ends, those of the kernel certain. */
export function convolveInterval(x: Interval, kernel: Levels, geometry: ConvGeometry): SumInterval {
  const low = x.low as Levels;
  const base = convolveLevels(low, kernel, geometry);
  const certainSums = { shape: base.shape, low: base.sums, high: base.sums };
  const sums = x.origins ? widen(base, x, kernel, geometry) : certainSums;
  if (base.bound <= exactLimit) return sums;
  const terms = convolveLevels(magnitudes(x), absolute(kernel), geometry).sums;
  return roundOnTheWay(sums, terms, kernel.levels.length / (kernel.shape.at(-1) ?? 1));
}

/** What engines may make of the sums over all positions. */
export function sumInterval(x: Interval): SumInterval {
  const base = sumPositions(x.low as Levels);
  const sums = { shape: base.shape, low: base.sums, high: sumPositions(x.high as Levels).sums };
  if (base.bound <= exactLimit) return sums;
  const [, height = 1, width = 1] = x.low.shape;
  return roundOnTheWay(sums, sumPositions(magnitudes(x)).sums, height * width);
}

/** A level that is higher by `width` moves a sum up by the positive taps, and down by the negative ones. */
function widen(base: Sums, x: Interval, kernel: Levels, geometry: ConvGeometry): SumInterval {
  const [low, high] = [x.low as Levels, x.high as Levels];
  const levels = Uint16Array.from(high.levels, (level, i) => level - low.levels[i]!);
  const width = { ...low, levels, largest: 2 * low.largest };
  const moved = (keep: (tap: number) => number) => {
    const taps = { ...kernel, levels: kernel.levels.map(keep) };
    const { sums } = convolveLevels(width, taps, geometry);
    return base.sums.map((sum, i) => sum + sums[i]!);
  };
  const [down, up] = [moved((tap) => Math.min(tap, 0)), moved((tap) => Math.max(tap, 0))];
  return { shape: base.shape, low: down, high: up };
}

/**
 * Bounds for any order of adding `count` terms in float32: the error is below γ = n·u / (1 - n·u) of the terms' magnitudes, u = 2^-24 (Higham,
 * Accuracy and Stability of Numerical Algorithms, section 4.2). Sums beyond 32 bits wrap in an integer engine: no rounding explains those.
 */
function roundOnTheWay(sums: SumInterval, terms: Float64Array, count: number): SumInterval {
  const gamma = (count * 2 ** -24) / (1 - count * 2 ** -24);
  const low = sums.low.slice();
  const high = sums.high.slice();
  const isBeyond = new Uint8Array(terms.length);
  for (const [i, size] of terms.entries()) {
    if (size <= exactLimit || Math.max(-low[i]!, high[i]!) > largestSum) continue;
    isBeyond[i] = 1;
    low[i] = Math.max(Math.floor(low[i]! - gamma * size), -largestSum);
    high[i] = Math.min(Math.ceil(high[i]! + gamma * size), largestSum);
  }
  return { shape: sums.shape, low, high, isBeyond };
}

/** The larger magnitude of both ends. */
function magnitudes(x: Interval): Levels {
  const [low, high] = [x.low as Levels, x.high as Levels];
  const largest = (level: number, i: number) =>
    Math.max(Math.abs(level), Math.abs(high.levels[i]!));
  return { ...low, levels: Uint16Array.from(low.levels, largest) };
}

function absolute(kernel: Levels): Levels {
  return { ...kernel, levels: Uint16Array.from(kernel.levels, (level) => Math.abs(level)) };
}
