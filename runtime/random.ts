/** Everything about a generator, as JSON: `Random.fromState` continues exactly where it stood. */
export interface RandomState {
  /** What the seed and the labels of the forks have come to: 16 hexadecimal digits. */
  readonly key: string;
  /** The generator's state: four integers from 0 to 2^32 - 1, not all 0. */
  readonly words: readonly [number, number, number, number];
}

const mask64 = (1n << 64n) - 1n;
const two32 = 2 ** 32;

/**
 * Seeded random numbers with a state that can be saved. The generator is xoshiro128** 1.1 (Blackman
 * and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled by SplitMix64
 * (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), as its authors
 * advise. Not for secrets.
 */
export class Random {
  readonly #key: bigint;
  readonly #words: Uint32Array;

  private constructor(key: bigint, words: Uint32Array) {
    this.#key = key;
    this.#words = words;
  }

  /** @throws RangeError unless the seed is a whole number from 0 to 2^53 - 1 */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`A seed is a whole number from 0 to 2^53 - 1, not \`${seed}\`.`);
    }
    return Random.#fromKey(BigInt(seed));
  }

  /** @throws RangeError when it is no such state (a damaged file, say) */
  static fromState(state: RandomState): Random {
    if (!isRandomState(state)) {
      throw new RangeError("This is not the state of a random generator.");
    }
    return new Random(BigInt(`0x${state.key}`), Uint32Array.from(state.words));
  }

  static #fromKey(key: bigint): Random {
    const [first, second] = [splitMix64(key, 1), splitMix64(key, 2)];
    const words = [first, first >> 32n, second, second >> 32n];
    return new Random(
      key,
      Uint32Array.from(words, (word) => Number(word & 0xffffffffn)),
    );
  }

  get state(): RandomState {
    const [a = 0, b = 0, c = 0, d = 0] = this.#words;
    return { key: this.#key.toString(16).padStart(16, "0"), words: [a, b, c, d] };
  }

  /**
   * An independent stream for one purpose. It depends on the seed and the labels on the way, never on
   * how many numbers were drawn: the same label gives the same stream at any time, so a run can be
   * resumed from "epoch 7, batch 12" alone.
   */
  fork(label: string): Random {
    // Mixed before the label joins in, so that neighbouring seeds and labels cannot cancel out.
    return Random.#fromKey(splitMix64(splitMix64(this.#key, 3) ^ hashLabel(label), 1));
  }

  /** A whole number from 0 to 2^32 - 1. */
  integer(): number {
    const words = this.#words;
    const [a = 0, b = 0, c = 0, d = 0] = words;
    const out = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    const third = c ^ a;
    const fourth = d ^ b;
    words[0] = a ^ fourth;
    words[1] = b ^ third;
    words[2] = third ^ (b << 9);
    words[3] = rotate(fourth, 11);
    return out;
  }

  /** A whole number from 0 to n - 1, each equally likely; n is a whole number from 1 to 2^32. */
  below(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > two32) {
      throw new RangeError(`\`below\` takes a whole number from 1 to 2^32, not \`${n}\`.`);
    }
    // Numbers past the last whole multiple of n are drawn again: a bare remainder favours small ones.
    const limit = two32 - (two32 % n);
    let drawn = this.integer();
    while (drawn >= limit) drawn = this.integer();
    return drawn % n;
  }

  /** From `low` up to `high`: `low` plus a multiple of 2^-53 in [0, 1) of their distance. */
  uniform(low = 0, high = 1): number {
    const upper = this.integer() >>> 5;
    const lower = this.integer() >>> 6;
    return low + (high - low) * ((upper * 2 ** 26 + lower) / 2 ** 53);
  }

  /**
   * A normally distributed number (Marsaglia's polar method). The method's second number is thrown
   * away: keeping it would make it part of the state.
   */
  normal(mean = 0, deviation = 1): number {
    for (;;) {
      const x = this.uniform(-1, 1);
      const y = this.uniform(-1, 1);
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        return mean + deviation * x * Math.sqrt((-2 * Math.log(square)) / square);
      }
    }
  }

  /** Puts the items in a random order, in place, every order equally likely (Fisher and Yates). */
  shuffle<Items extends { length: number; [index: number]: unknown }>(items: Items): Items {
    for (let last = items.length - 1; last > 0; last--) {
      const other = this.below(last + 1);
      const kept = items[last];
      items[last] = items[other];
      items[other] = kept;
    }
    return items;
  }
}

/** Whether a value, from a file perhaps, is a generator's state. */
export function isRandomState(value: unknown): value is RandomState {
  if (typeof value !== "object" || value === null) return false;
  const { key, words } = value as Partial<Record<keyof RandomState, unknown>>;
  if (typeof key !== "string" || !/^[0-9a-f]{16}$/.test(key)) return false;
  if (!Array.isArray(words) || words.length !== 4) return false;
  const isWord = (word: unknown): boolean =>
    Number.isInteger(word) && (word as number) >= 0 && (word as number) < two32;
  // The all-zero state is the one that xoshiro never leaves.
  return words.every(isWord) && words.some((word) => word !== 0);
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** The n-th number, n from 1, of SplitMix64 seeded with `seed`. */
export function splitMix64(seed: bigint, n: number): bigint {
  let z = (seed + BigInt(n) * 0x9e3779b97f4a7c15n) & mask64;
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask64;
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask64;
  return z ^ (z >> 31n);
}

/** FNV-1a, 64 bits, over the label's UTF-8 bytes (draft-eastlake-fnv). */
function hashLabel(label: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(label)) {
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & mask64;
  }
  return hash;
}
