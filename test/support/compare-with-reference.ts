import { expect } from "vitest";
import { tf } from "../../runtime/tensors.ts";
import { type Dense, randomDense } from "./dense.ts";

/** A differentiable function twice: over tensors, and over plain float64 arrays. */
export type TwofoldFunction = {
  readonly inputs: readonly Dense[];
  primitive(this: void, ...inputs: tf.Tensor[]): tf.Tensor;
  reference(this: void, ...inputs: Dense[]): Dense;
};

/**
 * Holds value and gradients of sum(value * probe), on the current backend, against the reference and its
 * central differences; and sees that no tensor is left over.
 * @param tolerance largest difference, relative to the largest number of the expected tensor (at least 1)
 */
export function compareWithReference(functions: TwofoldFunction, tolerance = 2e-5): void {
  const { inputs, primitive, reference } = functions;
  const expected = reference(...inputs);
  const probe = randomDense(expected.shape, 99);
  const before = tf.memory().numTensors;
  const actual = tf.tidy(() => {
    const tensors = inputs.map(toTensor);
    const value = primitive(...tensors);
    const weights = toTensor(probe);
    const gradients = tf.grads((...received) => tf.sum(tf.mul(primitive(...received), weights)))(
      tensors,
    );
    return [value, ...gradients].map((tensor) => ({
      shape: tensor.shape,
      data: tensor.dataSync(),
    }));
  });
  expect(tf.memory().numTensors, "tensors left over").toBe(before);
  expectClose(actual[0]!, expected, tolerance, "value");
  for (const [i, input] of inputs.entries()) {
    const gradient = differentiate(inputs, i, reference, probe);
    expectClose(actual[i + 1]!, { shape: input.shape, data: gradient }, tolerance, `gradient ${i}`);
  }
}

/** What `expectClose` compares, of a tensor. */
export function readNumbers(tensor: tf.Tensor): Numbers {
  return { shape: tensor.shape, data: tensor.dataSync() };
}

export function toTensor({ shape, data }: Dense): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape], "float32");
}

type Numbers = { readonly shape: readonly number[]; readonly data: ArrayLike<number> };

export function expectClose(actual: Numbers, expected: Numbers, tolerance: number, what: string) {
  expect(actual.shape, `${what}: shape`).toEqual([...expected.shape]);
  const scale = Math.max(1, ...Array.from(expected.data, Math.abs));
  const differences = Array.from(expected.data, (e, i) => Math.abs(e - actual.data[i]!) / scale);
  const worst = differences.reduce((a, b) => (b <= a ? a : b), 0); // NaN wins
  expect(worst, `${what}: relative difference`).toBeLessThanOrEqual(tolerance);
}

function differentiate(
  inputs: readonly Dense[],
  which: number,
  reference: TwofoldFunction["reference"],
  probe: Dense,
): Float64Array {
  const step = 1e-5;
  const loss = (index: number, change: number) => {
    const changed = inputs.map((input, i) => {
      if (i !== which) return input;
      const data = Float64Array.from(input.data);
      data[index]! += change;
      return { shape: input.shape, data };
    });
    return reference(...changed).data.reduce((sum, v, i) => sum + v * probe.data[i]!, 0);
  };
  return inputs[which]!.data.map((_, i) => (loss(i, step) - loss(i, -step)) / (2 * step));
}
