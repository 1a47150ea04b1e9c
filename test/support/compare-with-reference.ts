import { expect } from "vitest";
import { tf } from "../../runtime/tensors.ts";
import { currentBackend } from "./backends.ts";
import { compute } from "./compute.ts";
import { type Dense, randomDense } from "./dense.ts";
import { expectClose } from "./expect-close.ts";

/** A differentiable function twice: over tensors, and over plain float64 arrays. */
export type TwofoldFunction = {
  readonly inputs: readonly Dense[];
  primitive(this: void, ...inputs: tf.Tensor[]): tf.Tensor;
  reference(this: void, ...inputs: Dense[]): Dense;
};

/**
 * Holds value and gradients of sum(value * probe), on the current backend, against the reference and its
 * central differences; and sees that no tensor is left over.
 * @param tolerance largest difference, relative to the largest number of the expected tensor (at least 1); the backend's own unless told
 */
export async function compareWithReference(
  functions: TwofoldFunction,
  tolerance = currentBackend().tolerance,
): Promise<void> {
  const { inputs, primitive, reference } = functions;
  const expected = reference(...inputs);
  const probe = randomDense(expected.shape, 99);
  const before = tf.memory().numTensors;
  const actual = await compute(() => {
    const tensors = inputs.map(toTensor);
    const weights = toTensor(probe);
    const gradients = tf.grads((...received) => tf.sum(tf.mul(primitive(...received), weights)))(
      tensors,
    );
    return [primitive(...tensors), ...gradients];
  });
  expect(tf.memory().numTensors, "tensors left over").toBe(before);
  expectClose(actual[0]!, expected, tolerance, "value");
  for (const [i, { shape }] of inputs.entries()) {
    const places = spreadPlaces(inputs[i]!.data.length);
    const slopes = places.map((place) => slopeAt(inputs, i, place, reference, probe));
    const found = actual[i + 1]!;
    expect(found.shape, `gradient ${i}: shape`).toEqual([...shape]);
    const [had, wanted] = [places.map((place) => found.data[place]!), slopes];
    const list = [places.length];
    expectClose(
      { shape: list, data: had },
      { shape: list, data: wanted },
      tolerance,
      `gradient ${i}`,
    );
  }
}

export function toTensor({ shape, data }: Dense): tf.Tensor {
  return tf.tensor(Float32Array.from(data), [...shape], "float32");
}

const mostPlaces = 128;

/** All places of a small array, many of a large one: every slope takes two runs of the reference. */
function spreadPlaces(length: number): readonly number[] {
  if (length <= mostPlaces) return Array.from({ length }, (_, place) => place);
  // A prime larger than any array here meets every place, and no row or channel more often than another.
  return Array.from({ length: mostPlaces }, (_, n) => (n * 15_485_863) % length);
}

/** Central difference of sum(value * probe) by one number of one input. */
function slopeAt(
  inputs: readonly Dense[],
  which: number,
  place: number,
  reference: TwofoldFunction["reference"],
  probe: Dense,
): number {
  const step = 1e-5;
  const loss = (change: number) => {
    const changed = inputs.map((input, i) => {
      if (i !== which) return input;
      const data = Float64Array.from(input.data);
      data[place]! += change;
      return { shape: input.shape, data };
    });
    return reference(...changed).data.reduce((sum, v, i) => sum + v * probe.data[i]!, 0);
  };
  return (loss(step) - loss(-step)) / (2 * step);
}
