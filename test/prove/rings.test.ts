import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dyadicOf,
  dyadics,
  exponentOf,
  numberOf,
  partsOfNumber,
  powerOfTwo,
  type Dyadic,
} from "../../compiler/algebra/dyadic.ts";
import { float64 } from "../../compiler/algebra/float64.ts";
import { magnitudes } from "../../compiler/algebra/magnitudes.ts";
import { primeField } from "../../compiler/algebra/prime-field.ts";
import { primes } from "../../compiler/prove/index.ts";

const prime = 16777213;
const field = primeField(prime);
const elements = fc.oneof(
  fc.integer({ min: 0, max: prime - 1 }),
  fc.constantFrom(0, 1, 2, prime - 1, prime - 2),
);
const numbers = fc.double({ noNaN: true, noDefaultInfinity: true });
const pairs = fc.tuple(fc.bigInt(-(2n ** 70n), 2n ** 70n), fc.integer({ min: -120, max: 120 }));
const exact = pairs.map(([mantissa, exponent]): Dyadic => ({ mantissa, exponent }));

/** A dyadic number over the common denominator 2^2400: rational arithmetic as plain integers. */
const over = 2400n;
const numerator = ({ mantissa, exponent }: Dyadic) => mantissa << (over + BigInt(exponent));

describe("a prime field", () => {
  it("agrees with whole numbers modulo the prime", () => {
    const modulo = (value: bigint) =>
      Number(((value % BigInt(prime)) + BigInt(prime)) % BigInt(prime));
    fc.assert(
      fc.property(elements, elements, (a, b) => {
        expect(field.add(a, b)).toBe(modulo(BigInt(a) + BigInt(b)));
        expect(field.subtract(a, b)).toBe(modulo(BigInt(a) - BigInt(b)));
        expect(field.multiply(a, b)).toBe(modulo(BigInt(a) * BigInt(b)));
        expect(field.negate(a)).toBe(modulo(-BigInt(a)));
      }),
    );
  });

  it("maps float64 numbers exactly: m·2^e times 2^-e is m", () => {
    const inField = (value: bigint) =>
      Number(((value % BigInt(prime)) + BigInt(prime)) % BigInt(prime));
    fc.assert(
      fc.property(numbers, (value) => {
        const { mantissa, exponent } = partsOfNumber(value);
        const whole = inField(BigInt(mantissa) << BigInt(Math.max(0, exponent)));
        const shift = inField(1n << BigInt(Math.max(0, -exponent)));
        expect(field.multiply(field.fromNumber(value), shift)).toBe(whole);
      }),
    );
  });

  it("adds any number of the largest products without losing one", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(elements, elements, elements), { maxLength: 100 }),
        (products) => {
          const sums = field.sums(2);
          for (const [factor, a, b] of products) sums.add(factor, Float64Array.of(0, a, b), 1);
          const found = new Float64Array(3);
          sums.moveTo(found, 1);
          const expected = (at: 1 | 2) =>
            products.reduce(
              (sum, term) => (sum + BigInt(term[0]) * BigInt(term[at])) % BigInt(prime),
              0n,
            );
          expect([...found]).toEqual([0, Number(expected(1)), Number(expected(2))]);
          sums.moveTo(found, 0);
          expect([found[0], found[1]], "moved sums begin anew").toEqual([0, 0]);
        },
      ),
    );
    const worst = field.sums(1);
    for (let n = 0; n < 1000; n++) worst.add(prime - 1, Float64Array.of(prime - 1), 0);
    const found = new Float64Array(1);
    worst.moveTo(found, 0);
    expect(found[0]).toBe(1000);
  });

  it("takes a shifted variable for a reciprocal root: other variances and other epsilons give others", () => {
    fc.assert(
      fc.property(elements, elements, (a, b) => {
        fc.pre(a !== b);
        expect(field.reciprocalRoot(a, 1e-5)).not.toBe(field.reciprocalRoot(b, 1e-5));
        expect(field.reciprocalRoot(a, 1e-5)).not.toBe(field.reciprocalRoot(a, 1e-3));
      }),
    );
  });

  it("refuses a modulus whose products float64 cannot hold", () => {
    expect(() => primeField(2 ** 26 + 15)).toThrow("repqc bug");
  });

  it("is one: the moduli of the trials are prime, and different", () => {
    expect(new Set(primes).size).toBe(primes.length);
    for (const one of primes) {
      const divisors = Array.from({ length: 4095 }, (_, index) => index + 2);
      expect(divisors.filter((divisor) => one % divisor === 0)).toEqual([]);
      expect(one).toBeLessThan(2 ** 24);
    }
  });
});

describe("dyadic numbers", () => {
  it("agree with rational arithmetic", () => {
    fc.assert(
      fc.property(exact, exact, (a, b) => {
        expect(numerator(dyadics.add(a, b))).toBe(numerator(a) + numerator(b));
        expect(numerator(dyadics.subtract(a, b))).toBe(numerator(a) - numerator(b));
        expect(numerator(dyadics.multiply(a, b)) << over).toBe(numerator(a) * numerator(b));
        expect(numerator(dyadics.negate(a))).toBe(-numerator(a));
      }),
    );
  });

  it("hold every float64 number, and give it back", () => {
    fc.assert(
      fc.property(numbers, (value) => {
        expect(numberOf(dyadicOf(value)) + 0).toBe(value + 0);
      }),
    );
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE, -(2 ** -1030), 2 ** 1000, -0, 0.1])
      expect(numberOf(dyadicOf(value)) + 0).toBe(value + 0);
    expect(() => dyadicOf(NaN)).toThrow("repqc bug");
    expect(() => dyadicOf(Infinity)).toThrow("repqc bug");
  });

  it("add products as rational numbers do", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(exact, exact), { maxLength: 20 }), (products) => {
        const sums = dyadics.sums(1);
        for (const [factor, term] of products) sums.add(factor, [term], 0);
        const found = dyadics.zeros(1);
        sums.moveTo(found, 0);
        const expected = products.reduce((sum, [a, b]) => sum + numerator(a) * numerator(b), 0n);
        expect(numerator(found[0]!) << over).toBe(expected);
      }),
    );
  });

  it("take a root that was computed in float64 for a given number", () => {
    expect(numberOf(dyadics.reciprocalRoot(dyadicOf(3), 1e-5))).toBe(1 / Math.sqrt(3 + 1e-5));
  });

  it("know powers and exponents exactly", () => {
    for (let exponent = -1022; exponent <= 1023; exponent++) {
      expect(powerOfTwo(exponent)).toBe(2 ** exponent);
      expect(exponentOf(-powerOfTwo(exponent))).toBe(exponent);
      expect(exponentOf(powerOfTwo(exponent) * (2 - 2 ** -52))).toBe(exponent);
    }
  });
});

it("the field is the image of the dyadic numbers: sums and products map to sums and products", () => {
  const short = fc.tuple(
    fc.integer({ min: -(2 ** 20), max: 2 ** 20 }),
    fc.integer({ min: -40, max: 40 }),
  );
  const value = short.map(([mantissa, exponent]) => mantissa * 2 ** exponent);
  const image = ({ mantissa, exponent }: Dyadic) => {
    const whole = Number(((mantissa % BigInt(prime)) + BigInt(prime)) % BigInt(prime));
    return field.multiply(whole, field.fromNumber(2 ** exponent));
  };
  fc.assert(
    fc.property(value, value, (a, b) => {
      const [x, y] = [field.fromNumber(a), field.fromNumber(b)];
      expect(image(dyadics.add(dyadicOf(a), dyadicOf(b)))).toBe(field.add(x, y));
      expect(image(dyadics.multiply(dyadicOf(a), dyadicOf(b)))).toBe(field.multiply(x, y));
    }),
  );
});

it("magnitudes never cancel, and bound what float64 finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }),
      (terms) => {
        const signed = terms.reduce((a, b) => float64.subtract(a, b));
        const size = terms.map(magnitudes.fromNumber).reduce((a, b) => magnitudes.subtract(a, b));
        expect(size * (1 + 1e-12)).toBeGreaterThanOrEqual(Math.abs(signed));
        expect(magnitudes.negate(size)).toBe(size);
      },
    ),
  );
});
