import fc from "fast-check";
import { expect, it } from "vitest";
import { describeBackends, randomRuns } from "../../support/backends.ts";
import {
  lsqFakeQuantize,
  lsqInitialStep,
  quantizeLevels,
} from "../../../runtime/quantizers/lsq.ts";
import { tf } from "../../../runtime/tensors.ts";
import { compute, numbersOf, numbersOfAll } from "../../support/compute.ts";

const finite = { noNaN: true, noDefaultInfinity: true, min: -100, max: 100 };

/** Half to even, in float64 of a float32 quotient: what ONNX QuantizeLinear does. */
function expectedLevel(v: number, step: number, low: number, high: number): number {
  const ratio = Math.min(Math.max(Math.fround(v / step), low), high);
  const floor = Math.floor(ratio);
  const isUp = ratio - floor > 0.5 || (ratio - floor === 0.5 && floor % 2 !== 0);
  return floor + (isUp ? 1 : 0);
}

describeBackends("LSQ", () => {
  it("gives ONNX's integers for any value and step", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.float(finite), { minLength: 1, maxLength: 70 }),
        fc.float({ noNaN: true, min: Math.fround(1e-3), max: 10 }),
        fc.constantFrom([-8, 7], [0, 15], [-128, 127], [0, 255], [-2, 1]),
        async (values, step, [low = 0, high = 0]) => {
          const levels = await numbersOf(() =>
            quantizeLevels(tf.tensor1d(values), tf.scalar(step), low, high),
          );
          expect(levels).toEqual(values.map((v) => expectedLevel(v, step, low, high) + 0));
        },
      ),
      { numRuns: randomRuns(100) },
    );
  });

  it("rounds ties to even and clips, signs included", async () => {
    const halves = Array.from({ length: 41 }, (_, i) => (i - 20) / 2);
    const levels = await numbersOf(() => quantizeLevels(tf.tensor1d(halves), tf.scalar(1), -8, 7));
    expect(levels).toEqual(halves.map((v) => expectedLevel(v, 1, -8, 7) + 0));
  });

  it("has LSQ's gradients on, inside and outside the bounds", async () => {
    const values = [-9, -8, -2.25, -0.5, 0, 1.5, 6.75, 7, 7.25, 20];
    const range = { low: -8, high: 7, gradientScale: 0.5 };
    const [ofValues, ofStep] = await numbersOfAll(() => {
      const gradients = tf.grads((v, s) => lsqFakeQuantize(v, s, range));
      return gradients([tf.tensor1d(values), tf.scalar(1)]);
    });
    expect(ofValues).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    const errors = [-8, 0, 0.25, 0.5, 0, 0.5, 0.25, 0, 7, 7];
    expect(ofStep).toEqual([0.5 * errors.reduce((a, b) => a + b)]);
  });

  it("keeps one step per channel apart", async () => {
    const range = { low: -8, high: 7, gradientScale: 1 };
    const data = [0.3, 3, -0.7, 70, 0.2, -900];
    const steps = [0.1, 10];
    const together = await numbersOfAll(() => {
      const step = tf.tensor1d(steps);
      const v = tf.tensor2d(data, [3, 2]);
      const [ofV, ofStep] = tf.grads((v, s) => lsqFakeQuantize(v, s, range))([v, step]);
      return [lsqFakeQuantize(v, step, range), ofV!, ofStep!];
    });
    for (const c of [0, 1]) {
      const apart = await numbersOfAll(() => {
        const step = tf.scalar(steps[c]!);
        const v = tf.tensor1d(data.filter((_, i) => i % 2 === c));
        const [ofV, ofStep] = tf.grads((v, s) => lsqFakeQuantize(v, s, range))([v, step]);
        return [lsqFakeQuantize(v, step, range), ofV!, ofStep!];
      });
      expect(together[0]!.filter((_, i) => i % 2 === c)).toEqual(apart[0]);
      expect(together[1]!.filter((_, i) => i % 2 === c)).toEqual(apart[1]);
      expect(together[2]![c]).toBeCloseTo(apart[2]![0]!, 4);
    }
  });

  it("leaves no tensor behind", () => {
    const v = tf.randomNormal([2, 3, 3, 4]);
    const step = tf.tensor1d([0.1, 0.2, 0.3, 0.4]);
    const before = tf.memory().numTensors;
    const range = { low: -8, high: 7, gradientScale: 0.1 };
    tf.tidy(() => void tf.grads((v, s) => lsqFakeQuantize(v, s, range))([v, step]));
    quantizeLevels(v, step, -8, 7).dispose();
    lsqInitialStep(v, 7, true).dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([v, step]);
  });

  it("starts from 2 mean|v| / sqrt(high), and never from zero", async () => {
    const [perTensor, perChannel, ofNothing] = await compute(() => {
      const v = tf.tensor2d([1, -2, 3, -6], [2, 2]);
      return [
        lsqInitialStep(v, 4, false),
        lsqInitialStep(v, 4, true),
        lsqInitialStep(tf.zeros([2, 2]), 4, true),
      ];
    });
    expect(perTensor).toEqual({ shape: [], data: Float32Array.of(3) });
    expect(perChannel).toEqual({ shape: [2], data: Float32Array.of(2, 4) });
    expect(ofNothing!.shape).toEqual([2]);
    expect(Math.min(...Array.from(ofNothing!.data))).toBeGreaterThan(0);
  });
});
