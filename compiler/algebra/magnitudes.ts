import { float64 } from "./float64.ts";
import type { Ring } from "./ring.ts";

/**
 * Arithmetic without cancellation: every constant is its magnitude and every difference a sum. Over magnitudes of weights it gives the size of
 * the terms that a number is a sum of, which is what a rounding error is relative to.
 */
export const magnitudes: Ring<number, Float64Array> = {
  ...float64,
  fromNumber: Math.abs,
  subtract: float64.add,
  negate: (a) => a,
};
