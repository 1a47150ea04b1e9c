import type { Ring } from "./ring.ts";

/** mantissa · 2^exponent, exactly. One number has many forms; `subtract` tells whether two are equal. */
export interface Dyadic {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const zero: Dyadic = { mantissa: 0n, exponent: 0 };

/** Float32 and float64 numbers, their sums and products, without any rounding. */
export const dyadics: Ring<Dyadic, Dyadic[]> = {
  zero,
  one: { mantissa: 1n, exponent: 0 },
  fromNumber: dyadicOf,
  add,
  subtract: (a, b) => add(a, negate(b)),
  multiply,
  negate,
  /** The root once computed in float64 counts as a given number. */
  reciprocalRoot: (value, epsilon) => dyadicOf(1 / Math.sqrt(numberOf(value) + epsilon)),
  zeros: (length) => Array.from<Dyadic>({ length }).fill(zero),
  sums(length) {
    const sums = Array.from<Dyadic>({ length }).fill(zero);
    return {
      add(factor, terms, from) {
        if (factor.mantissa === 0n) return;
        for (let n = 0; n < length; n++)
          sums[n] = add(sums[n] ?? zero, multiply(factor, terms[from + n] ?? zero));
      },
      moveTo(target, to) {
        for (let n = 0; n < length; n++) target[to + n] = sums[n] ?? zero;
        sums.fill(zero);
      },
    };
  },
};

function add(a: Dyadic, b: Dyadic): Dyadic {
  if (a.mantissa === 0n) return b;
  if (b.mantissa === 0n) return a;
  if (a.exponent === b.exponent) {
    return { mantissa: a.mantissa + b.mantissa, exponent: a.exponent };
  }
  const [high, low] = a.exponent > b.exponent ? [a, b] : [b, a];
  const shifted = high.mantissa << BigInt(high.exponent - low.exponent);
  return { mantissa: shifted + low.mantissa, exponent: low.exponent };
}

function multiply(a: Dyadic, b: Dyadic): Dyadic {
  if (a.mantissa === 0n || b.mantissa === 0n) return zero;
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
}

function negate({ mantissa, exponent }: Dyadic): Dyadic {
  return { mantissa: -mantissa, exponent };
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
/** Which word holds sign and exponent is the machine's byte order. */
const [highWord, lowWord] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [1, 0] : [0, 1];

/** The mantissa, a whole number below 2^53, and the exponent of a float64 number; of one that float32 holds, below 2^24. */
export function partsOfNumber(value: number): {
  readonly mantissa: number;
  readonly exponent: number;
} {
  if (!Number.isFinite(value)) throw new Error(`repqc bug: ${value} is no dyadic number`);
  float[0] = value;
  const high = words[highWord] ?? 0;
  const biased = (high >>> 20) & 0x7ff;
  const fraction = (high & 0xfffff) * 2 ** 32 + (words[lowWord] ?? 0);
  const whole = biased === 0 ? fraction : fraction + 2 ** 52;
  const exponent = Math.max(biased, 1) - 1075;
  const short = whole / 2 ** 29;
  const sign = high >>> 31 === 1 ? -1 : 1;
  return Number.isInteger(short)
    ? { mantissa: sign * short, exponent: exponent + 29 }
    : { mantissa: sign * whole, exponent };
}

export function dyadicOf(value: number): Dyadic {
  if (value === 0) return zero;
  const { mantissa, exponent } = partsOfNumber(value);
  return { mantissa: BigInt(mantissa), exponent };
}

/** The nearest float64 number (among the subnormal ones: one of the two nearest). */
export function numberOf({ mantissa, exponent }: Dyadic): number {
  const whole = Number(mantissa);
  if (exponent >= -1022 && exponent <= 1023) return whole * powerOfTwo(exponent);
  // In two steps, because 2^exponent itself is out of range where the number need not be.
  const half = Math.trunc(exponent / 2);
  return whole * 2 ** half * 2 ** (exponent - half);
}

/** 2^exponent, from -1022 to 1023; `**` takes ten times as long. */
export function powerOfTwo(exponent: number): number {
  words[highWord] = (exponent + 1023) << 20;
  words[lowWord] = 0;
  return float[0] ?? NaN;
}

/** log2 of a float64 number's magnitude, rounded down exactly; -1023 for all that are too small to be normal. */
export function exponentOf(value: number): number {
  float[0] = value;
  return (((words[highWord] ?? 0) >>> 20) & 0x7ff) - 1023;
}
