import { beforeAll, describe, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import { lsqFakeQuantize, lsqInitialStep } from "../../../runtime/quantizers/lsq.ts";
import { tf } from "../../../runtime/tensors.ts";
import { expectClose, readNumbers } from "../../support/compare-with-reference.ts";
import { hasVectors, readVectors, type VectorTensor } from "../../support/vectors.ts";

type Case = {
  impl: string;
  per_channel: boolean;
  qmin: number;
  qmax: number;
  grad_scale: number;
};

/** The cases of the two implementations that follow the paper's gradient (mask from the unrounded ratio). */
function listCases(): {
  name: string;
  settings: Case;
  take(part: string): VectorTensor | undefined;
}[] {
  if (!hasVectors) return [];
  const { tensors, metadata } = readVectors("lsq.safetensors");
  return Object.entries(metadata)
    .filter(([key]) => /^case\.(lsqnet|hust)_/.test(key))
    .map(([key, json]) => {
      const name = key.slice("case.".length);
      const take = (part: string) => tensors.get(`${name}.${part}`);
      return { name, settings: JSON.parse(json) as Case, take };
    });
}

/** PyTorch keeps output channels first, we last. */
function channelsLast({ shape, data }: VectorTensor): tf.Tensor {
  const tensor = tf.tensor(data, [...shape]);
  if (shape.length < 2) return tensor;
  return tf.transpose(tensor, [...shape.map((_, axis) => axis).slice(1), 0]);
}

const cases = listCases();

describe.skipIf(!hasVectors).each(["wasm", "cpu"] as const)(
  "LSQ as published, on %s",
  (backend) => {
    beforeAll(async () => void (await openBackend(backend, { threads: 1 })));

    it.each(cases)("$name", ({ settings, take }) => {
      const { qmin, qmax, grad_scale, per_channel } = settings;
      tf.tidy(() => {
        const v = channelsLast(take("v")!);
        const probe = channelsLast(take("probe")!);
        const step = tf.tensor(take("s")!.data, per_channel ? [take("s")!.data.length] : []);
        const range = { low: qmin, high: qmax, gradientScale: grad_scale };
        const output = lsqFakeQuantize(v, step, range);
        const loss = (v: tf.Tensor, s: tf.Tensor) =>
          tf.sum(tf.mul(lsqFakeQuantize(v, s, range), probe)) as tf.Scalar;
        const [ofV, ofStep] = tf.grads(loss as (...x: tf.Tensor[]) => tf.Tensor)([v, step]);
        // Not bit-equal: the published code gets its step through s - s g + s g, at the cost of a last digit.
        expectEqualTo(output, channelsLast(take("output")!), 1e-6);
        expectEqualTo(ofV!, channelsLast(take("grad.v")!), 1e-6);
        expectEqualTo(ofStep!, tf.tensor(take("grad.s")!.data, step.shape), 3e-6);
        const initial = take("init_s"); // cases that share their data with another have none
        if (initial === undefined) return;
        const found = lsqInitialStep(v, qmax, per_channel);
        expectEqualTo(found, tf.tensor(initial.data, step.shape), 1e-6);
      });
    });
  },
);

function expectEqualTo(actual: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expectClose(readNumbers(actual), readNumbers(expected), tolerance, "tensor");
}
