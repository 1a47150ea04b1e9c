import { partsOfNumber } from "./dyadic.ts";
import type { Ring } from "./ring.ts";

/**
 * Whole numbers modulo a prime below 2^26, as float64 numbers from 0 to prime - 1: products are below 2^53, so machine arithmetic on them is
 * exact, and several of them can be added up before they have to be reduced.
 */
export function primeField(prime: number): Ring<number, Float64Array> {
  if (!(prime > 2 && prime < 2 ** 26)) throw new Error(`repqc bug: ${prime} is no such prime`);
  const inverse = 1 / prime;
  /** Of a whole number from 0 to 2^53. */
  const reduce = (value: number): number => {
    // The quotient may be off by one: the rest is exact all the same.
    const rest = value - Math.floor(value * inverse) * prime;
    if (rest < 0) return rest + prime;
    return rest >= prime ? rest - prime : rest;
  };
  const multiply = (a: number, b: number) => reduce(a * b);
  const add = (a: number, b: number) => (a + b >= prime ? a + b - prime : a + b);
  const fromNumber = (value: number) => {
    if (value === 0) return 0;
    const { mantissa, exponent } = partsOfNumber(value);
    const whole = multiply(reduce(Math.abs(mantissa)), powerOfTwo(exponent, prime, multiply));
    return mantissa < 0 && whole > 0 ? prime - whole : whole;
  };
  return {
    zero: 0,
    one: 1,
    fromNumber,
    add,
    subtract: (a, b) => (a >= b ? a - b : a - b + prime),
    multiply,
    negate: (a) => (a === 0 ? 0 : prime - a),
    /**
     * The variance appears nowhere but under the root. So the root is as free a variable as the variance, and a polynomial identity in it
     * holds for the true root as well. A free variable plus a constant is free again; the constant makes another epsilon another variable.
     */
    reciprocalRoot: (value, epsilon) => add(value, fromNumber(epsilon)),
    zeros: (length) => new Float64Array(length),
    sums: (length) => fieldSums(length, prime, reduce),
  };
}

function fieldSums(length: number, prime: number, reduce: (value: number) => number) {
  const sums = new Float64Array(length);
  /** Products that fit below 2^53 on top of a reduced sum. */
  const most = Math.floor((2 ** 53 - prime) / (prime - 1) ** 2);
  let pending = 0;
  const reduceAll = () => {
    for (let n = 0; n < length; n++) sums[n] = reduce(sums[n]!);
    pending = 0;
  };
  return {
    add(factor: number, terms: Float64Array, from: number) {
      if (factor === 0) return;
      if (pending === most) reduceAll();
      pending += 1;
      for (let n = 0; n < length; n++) sums[n]! += factor * terms[from + n]!;
    },
    moveTo(target: Float64Array, to: number) {
      reduceAll();
      target.set(sums, to);
      sums.fill(0);
    },
  };
}

/** 2^exponent, also below zero: (prime + 1) / 2 is the half. */
function powerOfTwo(
  exponent: number,
  prime: number,
  multiply: (a: number, b: number) => number,
): number {
  let power = 1;
  let square = exponent < 0 ? (prime + 1) / 2 : 2;
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) power = multiply(power, square);
    square = multiply(square, square);
  }
  return power;
}
