/** First steps of least squared error, against a search over plain numbers. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { describeBackends, randomRuns } from "../../support/backends.ts";
import { leastErrorRange, leastErrorStep } from "../../../runtime/quantizers/least-error.ts";
import { rangeStep } from "../../../runtime/quantizers/range-step.ts";
import { tf } from "../../../runtime/tensors.ts";
import { numbersOfAll } from "../../support/compute.ts";

const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });
const numbers = fc.array(number, { minLength: 1, maxLength: 60 });
const highs = fc.constantFrom(1, 7, 127);

/** Mean squared error of the grid from `low` to `high` steps. */
function errorOf(v: readonly number[], step: number, low: number, high: number): number {
  const levels = v.map((x) => Math.max(low, Math.min(high, Math.round(x / step))));
  return v.reduce((sum, x, index) => sum + (x - levels[index]! * step) ** 2, 0) / v.length;
}

describeBackends("first steps of least error", () => {
  it("no step between a tenth of the range's and the range's has a much smaller error", async () => {
    await fc.assert(
      fc.asyncProperty(numbers, highs, async (values, high) => {
        const low = -high - 1;
        const [found, whole] = await numbersOfAll(() => {
          const v = tf.tensor2d(values, [values.length, 1]);
          return [leastErrorStep(v, high, false, low), rangeStep(v, high, false)];
        });
        const range = whole![0]!;
        // No step is smaller than 1e-6.
        fc.pre(range > 1e-5);
        const steps = Array.from({ length: 32 }, (_, index) => range * 0.93 ** index);
        const least = Math.min(...steps.map((step) => errorOf(values, step, low, high)));
        const most = Math.max(...values.map(Math.abs));
        expect(errorOf(values, found![0]!, low, high)).toBeLessThanOrEqual(
          least + 1e-5 * most ** 2,
        );
        expect(found![0]).toBeGreaterThan(0);
      }),
      { numRuns: randomRuns(50) },
    );
  });

  it("each channel has its own step, that of the channel alone", async () => {
    const channels = [
      [1, -2, 3, 0.25, 40],
      [0.1, 0.2, -0.3, 0.4, 0.05],
    ];
    const [together, ...alone] = await numbersOfAll(() => {
      const v = tf.transpose(tf.tensor2d(channels));
      const each = channels.map((one) => leastErrorStep(tf.tensor1d(one), 3, false, -4));
      return [leastErrorStep(v, 3, true, -4), ...each];
    });
    expect(together).toEqual(alone.flat());
  });

  it("outliers are clipped where that costs less than a coarse grid", async () => {
    const values = [...Array.from({ length: 4000 }, (_, index) => (index % 100) / 100), 5];
    const [range, step] = await numbersOfAll(() => {
      const v = tf.tensor1d(values.map((value) => value - 0.25));
      return [leastErrorRange(v, 15), leastErrorStep(tf.tensor1d(values), 15, false, 0)];
    });
    expect(range![0]! * 15).toBeGreaterThan(0.8);
    expect(range![0]! * 15).toBeLessThan(2.5);
    // The lower bound, at -0.25, to half a level.
    const [width, zero] = range as [number, number];
    expect(Math.abs(width * Math.round(zero) - 0.25)).toBeLessThanOrEqual(width / 2);
    expect(step![0]! * 15).toBeLessThan(2.5);
  });

  it("a range is no worse than that from the smallest number to the largest", async () => {
    await fc.assert(
      fc.asyncProperty(numbers, fc.constantFrom(3, 15, 255), async (values, high) => {
        const [found] = await numbersOfAll(() => [leastErrorRange(tf.tensor1d(values), high)]);
        const [step, zero] = found as [number, number];
        expect(step).toBeGreaterThan(0);
        expect(zero).toBeGreaterThan(0);
        const level = Math.min(high, Math.round(zero));
        const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
        const whole = Math.max((most - least) / high, 1e-6);
        const wholeLevel = Math.min(high, Math.round(-least / whole));
        const of = (s: number, z: number) => errorOf(values, s, -z, high - z);
        expect(of(step, level)).toBeLessThanOrEqual(
          of(whole, wholeLevel) + 1e-5 * Math.max(most, -least) ** 2,
        );
      }),
      { numRuns: randomRuns(50) },
    );
  });

  it("there is one step, one for each channel, or a step and a zero point", () => {
    const shapes = tf.tidy(() => {
      const v = tf.tensor2d([1, -2, 3, 0.5], [2, 2]);
      const steps = [false, true].map((perChannel) => leastErrorStep(v, 7, perChannel, -8));
      return [...steps, leastErrorRange(v, 15)].map(({ shape }) => shape);
    });
    expect(shapes).toEqual([[], [2], [2]]);
  });

  it("of nothing, a step is still positive", async () => {
    const [range, steps] = await numbersOfAll(() => [
      leastErrorRange(tf.zeros([4]), 15),
      leastErrorStep(tf.zeros([4, 2]), 7, true, -8),
    ]);
    for (const number of [...range!, ...steps!]) expect(number).toBeGreaterThan(0);
  });
});
