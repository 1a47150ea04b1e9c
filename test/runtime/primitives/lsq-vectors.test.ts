import { beforeAll, describe, expect, it } from "vitest";
import { openBackend } from "../../../runtime/backends/index.ts";
import {
  learnedStepQuantize,
  stepGradientScale,
  type LsqConventions,
} from "../../../runtime/quantizers/learned-step-quantize.ts";
import { offsetQuantize } from "../../../runtime/quantizers/lsq-plus.ts";
import { lsqInitialStep } from "../../../runtime/quantizers/lsq.ts";
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

/** The options with which our quantizer is that of a case's code: lsq-net and LSQuantization are the default. */
function conventionsOf({ impl, grad_scale, per_channel }: Case): LsqConventions {
  if (!impl.startsWith("MQBench")) return {};
  if (grad_scale === 1) return { gradient: "none", mask: "rounded" };
  return { gradient: per_channel ? "channel" : "lsq", mask: "rounded" };
}

function listCases(): {
  name: string;
  settings: Case;
  take(part: string): VectorTensor | undefined;
}[] {
  if (!hasVectors) return [];
  const { tensors, metadata } = readVectors("lsq.safetensors");
  return Object.entries(metadata)
    .filter(([key]) => key.startsWith("case."))
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
      const { impl, qmin, qmax, grad_scale, per_channel } = settings;
      tf.tidy(() => {
        const v = channelsLast(take("v")!);
        const probe = channelsLast(take("probe")!);
        const step = tf.tensor(take("s")!.data, per_channel ? [take("s")!.data.length] : []);
        const conventions = conventionsOf(settings);
        expect(stepGradientScale(v, step, qmax, conventions)).toBeCloseTo(grad_scale, 6);
        const zeroPoint = take("zero_point");
        const learned = zeroPoint ? tf.concat([step.reshape([1]), zeroPoint.data]) : step;
        const quantize = (v: tf.Tensor, s: tf.Tensor) =>
          (zeroPoint ? offsetQuantize : learnedStepQuantize)(v, s, qmin, qmax, conventions);
        const output = quantize(v, learned);
        const loss = (v: tf.Tensor, s: tf.Tensor) => tf.sum(tf.mul(quantize(v, s), probe));
        const [ofV, ofStep] = tf.grads(loss as (...x: tf.Tensor[]) => tf.Tensor)([v, learned]);
        // Not bit-equal: the published code gets its step through s - s g + s g, at the cost of a last digit.
        expectEqualTo(output, channelsLast(take("output")!), 1e-6);
        expectEqualTo(ofV!, channelsLast(take("grad.v")!), 1e-6);
        const ofZero = take("grad.zero_point")?.data ?? [];
        const expected = tf.tensor([...take("grad.s")!.data, ...ofZero], learned.shape);
        expectEqualTo(ofStep!, expected, 3e-6);
        const initial = take("init_s"); // cases that share their data with another have none
        if (initial === undefined || impl.startsWith("MQBench")) return;
        const found = lsqInitialStep(v, qmax, per_channel);
        expectEqualTo(found, tf.tensor(initial.data, step.shape), 1e-6);
      });
    });
  },
);

function expectEqualTo(actual: tf.Tensor, expected: tf.Tensor, tolerance: number): void {
  expectClose(readNumbers(actual), readNumbers(expected), tolerance, "tensor");
}
