import { dyadicOf, dyadics, exponentOf, powerOfTwo, type Dyadic } from "../algebra/dyadic.ts";

/** Bits behind the leading one of a float32 number, and the exponent of the smallest normal one. */
const [FRACTION_BITS, LEAST_EXPONENT] = [23, -126];

/** Distance of neighbouring float32 numbers around a number: 2^(e-23) for 2^e <= |value| < 2^(e+1), and 2^-149 near zero. */
export function unitInLastPlace(value: number): number {
  return powerOfTwo(Math.max(exponentOf(value), LEAST_EXPONENT) - FRACTION_BITS);
}

/** An exact number's; `rounded` is the float64 number nearest to it. */
export function unitOfDyadic(value: Dyadic, rounded: number): number {
  const magnitude = Math.abs(rounded);
  // Rounding reaches the next power of two only by becoming one.
  const isPower = powerOfTwo(exponentOf(magnitude)) === magnitude;
  return unitInLastPlace(isPower && isBelow(value, magnitude) ? magnitude / 2 : magnitude);
}

function isBelow(value: Dyadic, magnitude: number): boolean {
  const size = value.mantissa < 0n ? dyadics.negate(value) : value;
  return dyadics.subtract(size, dyadicOf(magnitude)).mantissa < 0n;
}
