import type { Ring } from "./ring.ts";

/** Float64 numbers: not quite a ring, for they round, but what the reference semantics is measured in. */
export const float64: Ring<number, Float64Array> = {
  zero: 0,
  one: 1,
  fromNumber: (value) => value,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  negate: (a) => -a,
  reciprocalRoot: (value, epsilon) => 1 / Math.sqrt(value + epsilon),
  zeros: (length) => new Float64Array(length),
  sums(length) {
    const sums = new Float64Array(length);
    return {
      add(factor, terms, from) {
        for (let n = 0; n < length; n++) sums[n]! += factor * terms[from + n]!;
      },
      moveTo(target, to) {
        target.set(sums, to);
        sums.fill(0);
      },
    };
  },
};
