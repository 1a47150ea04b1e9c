import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";

/** Largest distance of two maps' numbers; infinite where their shapes differ or a number is not one. */
export function largestDifference(a: ArrayMap, b: ArrayMap): number {
  const isSame =
    a.batch === b.batch &&
    a.height === b.height &&
    a.width === b.width &&
    a.channels === b.channels;
  return isSame ? distance(a.data, b.data) : Infinity;
}

/** The same for plain numbers. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < a.length; index++) {
    const difference = Math.abs(a[index]! - b[index]!);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** The largest magnitude. */
export function magnitude(numbers: ArrayLike<number>): number {
  return Array.from(numbers, Math.abs).reduce((a, b) => Math.max(a, b), 0);
}
