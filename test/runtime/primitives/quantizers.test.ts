/** Quantizers beside LSQ: what they yield and how it changes, against plain numbers. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import {
  offsetInitialRange,
  offsetLevels,
  offsetQuantize,
  threeSigmaStep,
} from "../../../runtime/quantizers/lsq-plus.ts";
import {
  fixedStepQuantize,
  followRange,
  rangeStep,
} from "../../../runtime/quantizers/range-step.ts";
import { gridOf } from "../../../runtime/integer/grid-of.ts";
import { quantize } from "../../../runtime/integer/quantize.ts";
import { tf } from "../../../runtime/tensors.ts";

const finite = { noNaN: true, noDefaultInfinity: true, min: -100, max: 100 };
const numbersOf = (tensor: tf.Tensor) => [...tensor.dataSync()].map((n) => n + 0);

describe.each(["wasm", "cpu"] as const)("on %s", (backend) => {
  beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

  it("a range gives the smallest step that clips nothing, by channel or for all", () => {
    tf.tidy(() => {
      const v = tf.tensor2d([1, -2, -7, 0.5, 3, 0], [3, 2]);
      expect(numbersOf(rangeStep(v, 7, false))).toEqual([1]);
      expect(numbersOf(rangeStep(v, 2, true))).toEqual([3.5, 1]);
      expect(numbersOf(rangeStep(tf.zeros([3, 2]), 7, true)).every((step) => step > 0)).toBe(true);
      expect(numbersOf(followRange(tf.scalar(2), v, 7, 0.25))).toEqual([1.75]);
    });
  });

  it("a step that is no variable has no gradient, and v only inside the bounds", () => {
    tf.tidy(() => {
      const values = [-9, -8, -0.5, 0.5, 1.5, 7, 7.25];
      const step = tf.scalar(1);
      const quantized = (v: tf.Tensor, s: tf.Tensor) => fixedStepQuantize(v, s, -8, 7);
      expect(numbersOf(quantized(tf.tensor1d(values), step))).toEqual([-8, -8, 0, 0, 2, 7, 7]);
      const slope = tf.grad((v: tf.Tensor) => quantized(v, rangeStep(v, 7, false).mul(0).add(1)));
      expect(numbersOf(slope(tf.tensor1d(values)))).toEqual([0, 1, 1, 1, 1, 1, 0]);
    });
  });

  it("levels less the zero point are those of the integer executor, for any zero point", () => {
    fc.assert(
      fc.property(
        fc.array(fc.float(finite), { minLength: 1, maxLength: 40 }),
        fc.float({ noNaN: true, min: Math.fround(0.01), max: 8 }),
        fc.float({ noNaN: true, min: Math.fround(0.001), max: 300 }),
        fc.constantFrom(3, 15, 255),
        (values, step, zero, high) => {
          const range = Float32Array.from([step, zero]);
          const levels = tf.tidy(() =>
            numbersOf(offsetLevels(tf.tensor1d(values), tf.tensor1d(range), 0, high)),
          );
          const grid = gridOf(range, { low: 0, high });
          const data = Float32Array.from(values);
          const { value } = quantize({ shape: [1, data.length], data }, grid.step, grid.range, "x");
          expect(levels).toEqual([...value.levels]);
          expect(grid.zero).toBeLessThanOrEqual(high);
          const ofZero = tf.tidy(() => numbersOf(offsetLevels(tf.zeros([1]), tf.tensor1d(range), 0, high))); // prettier-ignore
          expect(ofZero).toEqual([0]);
        },
      ),
    );
  });

  it("a zero point moves where numbers are clipped", () => {
    const values = [-4, -3, -0.5, 2.25, 12, 13];
    const [out, ofV, ofRange] = tf.tidy(() => {
      const quantized = (v: tf.Tensor, range: tf.Tensor) =>
        offsetQuantize(v, range, 0, 15, { gradient: "none" });
      const inputs = [tf.tensor1d(values), tf.tensor1d([0.5, 3.2])] as const;
      const gradients = tf.grads(quantized as (...x: tf.Tensor[]) => tf.Tensor)([...inputs]);
      return [quantized(...inputs), ...gradients].map(numbersOf);
    });
    // Zero point 3, so from -1.5 to 6.
    expect(out).toEqual([-1.5, -1.5, -0.5, 2, 6, 6]);
    expect(ofV).toEqual([0, 0, 1, 1, 0, 0]);
    // By the step: bounds where clipped, else what rounding adds; by the zero point: a step less for each clipped one.
    expect(ofRange).toEqual([-3 - 3 + 0 - 0.5 + 12 + 12, -0.5 * 4]);
  });

  it("a first range reaches from the smallest number to the largest, a first step three deviations", () => {
    tf.tidy(() => {
      expect(numbersOf(offsetInitialRange(tf.tensor1d([-1, 0, 2]), 15))).toEqual([
        Math.fround(0.2),
        expect.closeTo(5, 5),
      ]);
      const [step, zero] = numbersOf(offsetInitialRange(tf.tensor1d([1, 3]), 15));
      expect([step, zero]).toEqual([expect.closeTo(0.2, 6), 0.25]);
      const kernel = tf.tensor2d([1, -4, 3, -4, 1, 0, 3, 0], [4, 2]);
      // Means 2 and -2, deviations 1 and 2.
      expect(numbersOf(threeSigmaStep(kernel, 7, true))).toEqual([5 / 8, 1]);
      expect(numbersOf(threeSigmaStep(tf.zeros([4, 2]), 7, false))[0]).toBeGreaterThan(0);
    });
  });

  it("nothing is left behind", () => {
    const [v, range] = [tf.randomNormal([2, 3, 3, 4]), tf.tensor1d([0.1, 3])];
    const before = tf.memory().numTensors;
    tf.tidy(() => void tf.grads((x, r) => offsetQuantize(x!, r!, 0, 15))([v, range]));
    tf.tidy(() => void tf.grad((x) => fixedStepQuantize(x, rangeStep(v, 7, false), -8, 7))(v));
    tf.dispose([rangeStep(v, 7, true), offsetInitialRange(v, 15), threeSigmaStep(v, 7, true)]);
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([v, range]);
  });
});
