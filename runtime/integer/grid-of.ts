import type { Range } from "./quantize.ts";
import { roundHalfEven } from "./round-half-even.ts";

/** Where the levels of an activation lie; they are kept less the zero point, so that 0 stands for 0. */
export interface Grid {
  /** [1] */
  readonly step: Float32Array;
  /** Of the levels less the zero point. */
  readonly range: Range;
  /** The level of 0, within the quantizer's own bounds. */
  readonly zero: number;
}

/** The grid of an activation's quantizer with these bounds, from its step, or its step and the zero point before rounding. */
export function gridOf(learned: Float32Array, { low, high }: Range): Grid {
  const [, zeroPoint] = learned;
  const zero =
    zeroPoint === undefined ? 0 : roundHalfEven(Math.min(Math.max(zeroPoint, low), high));
  return { step: learned.slice(0, 1), range: { low: low - zero, high: high - zero }, zero };
}
