/** Quantizers beside LSQ: what they yield and how it changes, against plain numbers. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { describeBackends, randomRuns } from "../../support/backends.ts";
import {
  offsetLevels,
  offsetQuantize,
  threeSigmaStep,
} from "../../../runtime/quantizers/lsq-plus.ts";
import { leastErrorRange, leastErrorStep } from "../../../runtime/quantizers/least-error.ts";
import {
  fixedStepQuantize,
  followRange,
  rangeStep,
} from "../../../runtime/quantizers/range-step.ts";
import { gridOf } from "../../../runtime/integer/grid-of.ts";
import { quantize } from "../../../runtime/integer/quantize.ts";
import { tf } from "../../../runtime/tensors.ts";
import { numbersOfAll } from "../../support/compute.ts";

const finite = { noNaN: true, noDefaultInfinity: true, min: -100, max: 100 };

describeBackends("other quantizers", () => {
  it("a range gives the smallest step that clips nothing, by channel or for all", async () => {
    const [whole, byChannel, ofNothing, followed] = await numbersOfAll(() => {
      const v = tf.tensor2d([1, -2, -7, 0.5, 3, 0], [3, 2]);
      const steps = [rangeStep(v, 7, false), rangeStep(v, 2, true)];
      const none = rangeStep(tf.zeros([3, 2]), 7, true);
      return [...steps, none, followRange(tf.scalar(2), v, 7, 0.25)];
    });
    expect(whole).toEqual([1]);
    expect(byChannel).toEqual([3.5, 1]);
    expect(ofNothing!.every((step) => step > 0)).toBe(true);
    expect(followed).toEqual([1.75]);
  });

  it("a step that is no variable has no gradient, and v only inside the bounds", async () => {
    const [quantized, slope] = await numbersOfAll(() => {
      const values = tf.tensor1d([-9, -8, -0.5, 0.5, 1.5, 7, 7.25]);
      const quantize = (v: tf.Tensor, s: tf.Tensor) => fixedStepQuantize(v, s, -8, 7);
      const ofV = tf.grad((v: tf.Tensor) => quantize(v, rangeStep(v, 7, false).mul(0).add(1)));
      return [quantize(values, tf.scalar(1)), ofV(values)];
    });
    expect(quantized).toEqual([-8, -8, 0, 0, 2, 7, 7]);
    expect(slope).toEqual([0, 1, 1, 1, 1, 1, 0]);
  });

  it("levels less the zero point are those of the integer executor, for any zero point", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float(finite), { minLength: 1, maxLength: 40 }),
        fc.float({ noNaN: true, min: Math.fround(0.01), max: 8 }),
        fc.float({ noNaN: true, min: Math.fround(0.001), max: 300 }),
        fc.constantFrom(3, 15, 255),
        async (values, step, zero, high) => {
          const range = Float32Array.from([step, zero]);
          const [levels, ofZero] = await numbersOfAll(() =>
            [tf.tensor1d(values), tf.zeros([1])].map((v) =>
              offsetLevels(v, tf.tensor1d(range), 0, high),
            ),
          );
          const grid = gridOf(range, { low: 0, high });
          const data = Float32Array.from(values);
          const { value } = quantize({ shape: [1, data.length], data }, grid.step, grid.range, "x");
          expect(levels).toEqual([...value.levels]);
          expect(grid.zero).toBeLessThanOrEqual(high);
          expect(ofZero).toEqual([0]);
        },
      ),
      { numRuns: randomRuns(100) },
    );
  });

  it("a zero point moves where numbers are clipped", async () => {
    const values = [-4, -3, -0.5, 2.25, 12, 13];
    const [out, ofV, ofRange] = await numbersOfAll(() => {
      const quantized = (v: tf.Tensor, range: tf.Tensor) =>
        offsetQuantize(v, range, 0, 15, { gradient: "none" });
      const inputs = [tf.tensor1d(values), tf.tensor1d([0.5, 3.2])] as const;
      const gradients = tf.grads(quantized as (...x: tf.Tensor[]) => tf.Tensor)([...inputs]);
      return [quantized(...inputs), ...gradients];
    });
    // Zero point 3, so from -1.5 to 6.
    expect(out).toEqual([-1.5, -1.5, -0.5, 2, 6, 6]);
    expect(ofV).toEqual([0, 0, 1, 1, 0, 0]);
    // By the step: bounds where clipped, else what rounding adds; by the zero point: a step less for each clipped one.
    expect(ofRange).toEqual([-3 - 3 + 0 - 0.5 + 12 + 12, -0.5 * 4]);
  });

  it("a first step of a kernel reaches three deviations", async () => {
    const [sigma, ofNothing] = await numbersOfAll(() => {
      const kernel = tf.tensor2d([1, -4, 3, -4, 1, 0, 3, 0], [4, 2]);
      return [threeSigmaStep(kernel, 7, true), threeSigmaStep(tf.zeros([4, 2]), 7, false)];
    });
    // Means 2 and -2, deviations 1 and 2.
    expect(sigma).toEqual([expect.closeTo(5 / 8, 6), expect.closeTo(1, 6)]);
    expect(ofNothing![0]).toBeGreaterThan(0);
  });

  it("nothing is left behind", () => {
    const [v, range] = [tf.randomNormal([2, 3, 3, 4]), tf.tensor1d([0.1, 3])];
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.grads((x, r) => offsetQuantize(x!, r!, 0, 15))([v, range]));
    tf.tidy(() => void tf.grad((x) => fixedStepQuantize(x, rangeStep(v, 7, false), -8, 7))(v));
    tf.dispose([rangeStep(v, 7, true), leastErrorRange(v, 15), threeSigmaStep(v, 7, true)]);
    tf.dispose(leastErrorStep(v, 7, true, -8));
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([v, range]);
  });
});
