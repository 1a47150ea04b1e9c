/** The grid of one quantizer. */
export interface Grid {
  /** Smallest and largest level, before the zero point is taken off. */
  readonly low: number;
  readonly high: number;
  /** One step, or one per entry of the last axis. */
  readonly steps: Float32Array;
  /** Learned level of 0; 0 where there is none. */
  readonly zeroPoint: number;
}

/** What a quantizer does to the numbers that it was given. */
export interface QuantizerNumbers {
  /** Numbers quantized. */
  readonly count: number;
  /** Of the steps, one per channel or one at all. */
  readonly steps: { readonly least: number; readonly median: number; readonly most: number };
  /** First level less the zero point: number / step of the first bar. */
  readonly lowest: number;
  /** Shares of all numbers on each level. */
  readonly shares: readonly number[];
  /** Shares of all numbers beyond the first and the last level. */
  readonly clipped: { readonly low: number; readonly high: number };
  /** 10 log10(Σ v² / Σ (v - Q(v))²), in decibels; Infinity without an error, undefined where all numbers are 0. */
  readonly snr: number | undefined;
  /** Share of Σ (v - Q(v))² that numbers beyond the first and the last level make; 0 without an error. */
  readonly clippingError: number;
}

/**
 * Levels, clipping and error of numbers on a grid: Q(v) = step · round_half_even(clip(v / step, low - z, high - z)), the division in float32 as
 * every engine here does it. Steps per channel go with the last axis.
 */
export function quantizerNumbers(data: Float32Array, grid: Grid): QuantizerNumbers {
  const { steps } = grid;
  const zero = roundHalfEven(Math.min(Math.max(grid.zeroPoint, grid.low), grid.high));
  const [low, high] = [grid.low - zero, grid.high - zero];
  const counts = new Float64Array(high - low + 1);
  let [below, above, signal, noise, clipping] = [0, 0, 0, 0, 0];
  data.forEach((value, index) => {
    const step = steps[index % steps.length] ?? 1;
    const ratio = Math.fround(value / step);
    if (ratio < low) below += 1;
    if (ratio > high) above += 1;
    const level = roundHalfEven(Math.min(Math.max(ratio, low), high));
    counts[level - low]! += 1;
    signal += value * value;
    const error = (value - level * step) ** 2;
    noise += error;
    if (ratio < low || ratio > high) clipping += error;
  });
  const count = data.length;
  return {
    count,
    steps: spread(steps),
    lowest: low,
    shares: Array.from(counts, (number) => number / count),
    clipped: { low: below / count, high: above / count },
    snr: decibels(signal, noise),
    clippingError: noise === 0 ? 0 : clipping / noise,
  };
}

/** 10 log10(signal / noise), both sums of squares. */
export function decibels(signal: number, noise: number): number | undefined {
  if (signal === 0) return undefined;
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise);
}

/** To the nearest whole number, ties to the even one. */
function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

function spread(steps: Float32Array) {
  const sorted = steps.toSorted();
  return { least: sorted[0] ?? 0, median: medianOf(sorted), most: sorted.at(-1) ?? 0 };
}

/** The middle number, or the mean of the two middle ones; 0 of none. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).toSorted();
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}

/**
 * What the best equal steps leave of normally distributed numbers, in decibels by bits (Max, Quantizing for minimum distortion, IRE Trans. IT 1960):
 * what an error can be measured against.
 */
export const normalSnr: Readonly<Record<number, number>> = {
  2: 9.25,
  3: 14.27,
  4: 19.38,
  5: 24.57,
  6: 29.83,
  7: 35.13,
  8: 40.57,
};
