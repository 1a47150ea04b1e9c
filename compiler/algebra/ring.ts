/** Numbers in the order of an array: a `Float64Array` where they are machine numbers, else a plain array. */
export interface Elements<E> {
  readonly length: number;
  [index: number]: E;
  [Symbol.iterator](): Iterator<E>;
}

/**
 * Numbers that can be added and multiplied, and arrays of them. The formulas of kernels and maps are written once over this interface and
 * serve float64 (the reference semantics), a prime field (the proof) and exact dyadic numbers (the merge of given weights without rounding).
 */
export interface Ring<E, A extends Elements<E>> {
  readonly zero: E;
  readonly one: E;
  /** The float64 number itself: exactly m·2^e, whatever the ring. */
  fromNumber(value: number): E;
  add(a: E, b: E): E;
  subtract(a: E, b: E): E;
  multiply(a: E, b: E): E;
  negate(a: E): E;
  /** What stands for 1 / sqrt(value + epsilon), which no ring has: every implementation says what it takes, and why that will do. */
  reciprocalRoot(value: E, epsilon: number): E;
  /** So many zeros. */
  zeros(length: number): A;
  /** `length` sums of products, all zero. */
  sums(length: number): Sums<E, A>;
}

/** Sums of products, side by side. They are where all the time goes, so a ring may leave its numbers unreduced in here. */
export interface Sums<E, A extends Elements<E>> {
  /** Adds factor · terms[from + n] to every sum n. */
  add(factor: E, terms: A, from: number): void;
  /** Puts the sums into `target` from place `to` on, and begins anew with zeros. */
  moveTo(target: A, to: number): void;
}

/** An element that must be there. */
export function elementAt<E>(elements: Elements<E>, index: number): E {
  const element = elements[index];
  if (element === undefined) throw new Error(`repqc bug: there is no number ${index}`);
  return element;
}

/** A new array, every element changed. */
export function mapElements<E, A extends Elements<E>>(
  ring: Ring<E, A>,
  elements: A,
  change: (element: E, index: number) => E,
): A {
  const changed = ring.zeros(elements.length);
  for (let index = 0; index < elements.length; index++)
    changed[index] = change(elementAt(elements, index), index);
  return changed;
}
