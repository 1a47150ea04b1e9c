import { beforeAll, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { tf } from "../../../runtime/tensors.ts";
import { thinTape } from "../../../runtime/train/thin-tape.ts";

beforeAll(async () => void (await openBackend("cpu")));

/** Values used twice, sums that hand their gradient on unchanged, an operation with two results. */
function compute(x: tf.Tensor): tf.Tensor {
  const [first, second] = tf.split(tf.add(x, x), 2);
  const doubled = tf.add(first!, tf.mul(second!, first!));
  return tf.sum(tf.square(tf.add(tf.add(doubled, second!), doubled)));
}

function differentiate(thin: boolean): { gradient: readonly number[]; peak: number } {
  let peak = 0;
  const gradient = tf.tidy(() => {
    const x = tf.tensor1d([1, -2, 3, 0.5, 2, -1]);
    const run = () => {
      const value = compute(x);
      const watched = tf.customGrad((v) => ({
        value: tf.clone(v as tf.Tensor),
        gradFunc: (g: tf.Tensor) => tf.clone(g),
      }))(value);
      if (thin) thinTape();
      return watched;
    };
    const { grads } = tf.engine().gradients(run, [x]);
    peak = tf.memory().numTensors;
    return grads[0]!;
  });
  const numbers = [...gradient.dataSync()];
  gradient.dispose();
  return { gradient: numbers, peak };
}

it("changes no gradient, frees memory on the way and leaves none behind", () => {
  const before = tf.memory().numTensors;
  const whole = differentiate(false);
  const thin = differentiate(true);
  expect(thin.gradient).toEqual(whole.gradient);
  expect(thin.gradient.every((slope) => slope !== 0)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

it("lets fewer bytes live at the peak", async () => {
  const peak = async (thin: boolean) => {
    const profile = await tf.profile(() =>
      tf.tidy(() => {
        const x = tf.ones([1000]);
        const run = () => {
          let y: tf.Tensor = x;
          for (let n = 0; n < 10; n++) y = tf.tidy(() => tf.mul(tf.square(y), 0.5));
          const value = tf.sum(y);
          if (thin) thinTape();
          return value;
        };
        return tf.engine().gradients(run, [x]).grads[0]!;
      }),
    );
    (profile.result as tf.Tensor).dispose();
    return profile.peakBytes;
  };
  expect(await peak(true)).toBeLessThan(await peak(false));
});
