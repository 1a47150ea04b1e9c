import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRandomState, Random, splitMix64, type RandomState } from "../../runtime/random.ts";

function draw(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.integer());
}

/** Pearson's statistic of counts against equal expectation. */
function chiSquare(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const expected = total / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe("known answers", () => {
  test("xoshiro128** 1.1 from the state 1, 2, 3, 4 gives its authors' numbers", () => {
    const random = Random.fromState({ key: "0000000000000000", words: [1, 2, 3, 4] });
    const published = [
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597,
      4258142804,
    ];
    expect(draw(random, 10)).toEqual(published);
  });

  test("SplitMix64 from 1234567 gives its published numbers", () => {
    const published = [
      6457827717110365317n,
      3203168211198807973n,
      9817491932198370423n,
      4593380528125082431n,
      16408922859458223821n,
    ];
    expect([1, 2, 3, 4, 5].map((n) => splitMix64(1234567n, n))).toEqual(published);
  });

  test("a seed fills the state with SplitMix64, low half first", () => {
    expect(Random.fromSeed(1234567).state).toEqual({
      key: "000000000012d687",
      words: [0xfb08fc85, 0x599ed017, 0x58540f_a5, 0x2c73f084],
    });
  });
});

describe("state", () => {
  test("a generator restored from its state as JSON goes on with the same numbers", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(50), (seed, drawn) => {
        const random = Random.fromSeed(seed);
        draw(random, drawn);
        random.normal();
        const restored = Random.fromState(JSON.parse(JSON.stringify(random.state)) as RandomState);
        expect(restored.fork("x").state).toEqual(random.fork("x").state);
        expect(draw(restored, 20)).toEqual(draw(random, 20));
      }),
    );
  });

  test.each([
    null,
    {},
    { key: "12", words: [1, 2, 3, 4] },
    { key: "0000000000000000", words: [0, 0, 0, 0] },
    { key: "0000000000000000", words: [1, 2, 3] },
    { key: "0000000000000000", words: [1, 2, 3, 2 ** 32] },
    { key: "0000000000000000", words: [1, 2, 3, -1] },
  ])("%j is refused as a state", (state) => {
    expect(isRandomState(state)).toBe(false);
    expect(() => Random.fromState(state as RandomState)).toThrow(RangeError);
  });

  test.each([-1, 0.5, NaN, 2 ** 53])("%d is refused as a seed", (seed) => {
    expect(() => Random.fromSeed(seed)).toThrow("A seed is a whole number");
  });
});

describe("forks", () => {
  test("depend on seed and label, not on what was drawn", () => {
    const random = Random.fromSeed(5);
    const before = draw(random.fork("order"), 5);
    draw(random, 100);
    expect(draw(random.fork("order"), 5)).toEqual(before);
    expect(draw(random.fork("batch"), 5)).not.toEqual(before);
    expect(draw(Random.fromSeed(6).fork("order"), 5)).not.toEqual(before);
  });

  test("of many seeds and labels never begin alike", () => {
    const begins = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const random = Random.fromSeed(seed);
      begins.add(draw(random, 2).join());
      for (let n = 0; n < 50; n++) begins.add(draw(random.fork(`epoch ${n}`), 2).join());
      for (let n = 0; n < 50; n++) begins.add(draw(random.fork("epoch").fork(`${n}`), 2).join());
    }
    expect(begins.size).toBe(40 * 101);
  });

  test("of neighbouring labels and their parent do not correlate", () => {
    const count = 20_000;
    const parent = Random.fromSeed(1);
    const streams = [parent, parent.fork("batch 1"), parent.fork("batch 2")];
    const values = streams.map((s) => Array.from({ length: count }, () => s.uniform(-1, 1)));
    for (const [i, j] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ] as const) {
      const products = values[i]?.map((value, n) => value * (values[j]?.[n] ?? NaN)) ?? [];
      const correlation = (3 * products.reduce((sum, p) => sum + p, 0)) / count;
      expect(Math.abs(correlation)).toBeLessThan(4 / Math.sqrt(count));
    }
  });
});

describe("distributions", () => {
  const count = 40_000;

  test("uniform numbers have the mean, variance and bounds of [0, 1)", () => {
    const random = Random.fromSeed(11);
    const values = Array.from({ length: count }, () => random.uniform());
    const mean = values.reduce((sum, v) => sum + v, 0) / count;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / count;
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
  });

  test("normal numbers have the first four moments and the tail of the normal distribution", () => {
    const random = Random.fromSeed(12);
    const values = Array.from({ length: count }, () => random.normal());
    const moment = (power: number): number =>
      values.reduce((sum, v) => sum + v ** power, 0) / count;
    expect(Math.abs(moment(1))).toBeLessThan(4 / Math.sqrt(count));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2 / count));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15 / count));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96 / count));
    const beyond = values.filter((v) => Math.abs(v) > 1.959964).length / count;
    expect(Math.abs(beyond - 0.05)).toBeLessThan(4 * Math.sqrt((0.05 * 0.95) / count));
    expect(random.normal(100, 0)).toBe(100);
  });

  test("integers below n are equally likely, also where n does not divide 2^32", () => {
    const random = Random.fromSeed(13);
    const counts = Array.from({ length: 7 }, () => 0);
    for (let i = 0; i < count; i++) {
      const drawn = random.below(7);
      counts[drawn] = (counts[drawn] ?? NaN) + 1;
    }
    // 6 degrees of freedom: beyond 22.5 once in a thousand seeds.
    expect(chiSquare(counts)).toBeLessThan(22.5);
    // With a bare remainder, numbers below 2^30 would come twice as often as the others.
    const n = 3 * 2 ** 30;
    const small = Array.from({ length: count }, () => random.below(n)).filter((v) => v < 2 ** 30);
    expect(Math.abs(small.length / count - 1 / 3)).toBeLessThan(4 * Math.sqrt(2 / 9 / count));
  });

  test("integers below n keep their bounds; other n are refused", () => {
    const random = Random.fromSeed(14);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (n) => {
        const drawn = random.below(n);
        expect(Number.isInteger(drawn) && drawn >= 0 && drawn < n).toBe(true);
      }),
    );
    for (const n of [0, -1, 1.5, 2 ** 32 + 1, NaN])
      expect(() => random.below(n)).toThrow(RangeError);
  });
});

describe("shuffle", () => {
  test("keeps the items", () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.nat(), (items, seed) => {
        const shuffled = Random.fromSeed(seed).shuffle([...items]);
        const sort = (list: number[]): number[] => list.toSorted((a, b) => a - b);
        expect(sort(shuffled)).toEqual(sort(items));
      }),
    );
  });

  test("gives each order of four items equally often", () => {
    const random = Random.fromSeed(15);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const order = random.shuffle(Int32Array.of(0, 1, 2, 3)).join();
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 23 degrees of freedom: beyond 49.7 once in a thousand seeds.
    expect(chiSquare([...counts.values()])).toBeLessThan(49.7);
  });
});
