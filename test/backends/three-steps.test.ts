/** Quantization-aware training of a block, step by step against float64 on every backend; and that no step leaves a tensor behind. */
import { expect, it } from "vitest";
import { referenceStep, type BlockNumbers } from "../../cli/doctor/block-reference.ts";
import { safeCase } from "../../cli/doctor/checks.ts";
import { compileBlock } from "../../cli/doctor/probe-block.ts";
import { tf } from "../../runtime/tensors.ts";
import { createOptimizer } from "../../runtime/train/optimizers/index.ts";
import { trainStep } from "../../runtime/train/train-step.ts";
import { beginOptimizer } from "../../runtime/train/training-variables.ts";
import { disposeAll, toHostWeights, toTensors } from "../../runtime/weights.ts";
import { currentBackend, describeBackends } from "../support/backends.ts";
import { expectClose } from "../support/compare-with-reference.ts";
import { hostMap, hostWeights } from "../support/run-program.ts";

const block = compileBlock([5, 4, 2]);
const { program } = block;
const { numbers, probe } = safeCase(block);
const rates = { rate: 2e-3, stepRate: 1e-4, decay: 0, decayed: [] } as const;
const [momentum, following] = [0.9, 0.1];

/** Weights after so many steps of SGD with momentum on sum(output * probe), in float64. */
function trainInFloat64(steps: number): ReadonlyMap<string, Float64Array> {
  let weights = numbers.weights;
  const velocity = new Map<string, Float64Array>();
  for (let step = 0; step < steps; step++) {
    const { gradients, measured, margin } = referenceStep(block, { ...numbers, weights }, probe);
    // Nearer to a tie, float32 might round to the other side.
    expect(margin).toBeGreaterThan(1e-5);
    const next = new Map(weights);
    for (const { path, role } of program.weights) {
      const gradient = gradients.get(path);
      if (gradient === undefined) continue;
      const before = velocity.get(path) ?? new Float64Array(gradient.length);
      velocity.set(path, gradient.map((slope, i) => momentum * before[i]! + slope)); // prettier-ignore
      const rate = role === "step" ? rates.stepRate : rates.rate;
      next.set(path, weights.get(path)!.map((w, i) => w - rate * velocity.get(path)![i]!)); // prettier-ignore
    }
    for (const [path, { mean, variance, count }] of measured) {
      const follow = (name: string, now: Float64Array) => {
        const old = weights.get(`${path}.${name}`)!;
        next.set(`${path}.${name}`, old.map((w, i) => (1 - following) * w + following * now[i]!)); // prettier-ignore
      };
      follow("mean", mean);
      follow("variance", variance.map((biased) => (biased * count) / (count - 1))); // prettier-ignore
    }
    weights = next;
  }
  return weights;
}

const product = {
  name: "product",
  compute: (output: tf.Tensor, target: tf.Tensor) => tf.sum(tf.mul(output, target)),
};

async function trainOnBackend(start: BlockNumbers, steps: number) {
  const optimizer = createOptimizer({ name: "sgd", momentum });
  const weights = toTensors(hostWeights(program, start.weights));
  const variables = { weights, optimizer: beginOptimizer(program, weights, optimizer) };
  const { shape, data } = hostMap(start.input);
  const batch = {
    input: tf.tensor(data, [...shape]),
    target: tf.tensor(Float32Array.from(probe), [...shape]),
  };
  const alive: { tensors: number; bytes: number }[] = [];
  for (let count = 1; count <= steps; count++) {
    const options = { ...rates, loss: product, optimizer, count };
    await trainStep(program, variables, batch, options);
    const { numTensors, numBytes } = tf.memory();
    alive.push({ tensors: numTensors, bytes: numBytes });
  }
  const trained = await toHostWeights(variables.weights);
  for (const owned of [variables.weights, variables.optimizer]) disposeAll(owned);
  tf.dispose([batch.input, batch.target]);
  return { trained, alive };
}

describeBackends("quantization-aware training", () => {
  it("after three steps every weight, step and statistic is where float64 puts it", async () => {
    const before = tf.memory().numTensors;
    const { trained, alive } = await trainOnBackend(numbers, 3);
    const expected = trainInFloat64(3);
    for (const { path, shape } of program.weights) {
      const wanted = { shape, data: expected.get(path)! };
      // A normalization's gradient is a small difference of large sums.
      expectClose(trained.get(path)!, wanted, 5 * currentBackend().tolerance, path);
      expect(wanted.data, `${path} has moved`).not.toEqual(numbers.weights.get(path));
    }
    expect(new Set(alive.map(({ tensors }) => tensors)).size, "tensors from step to step").toBe(1);
    expect(new Set(alive.map(({ bytes }) => bytes)).size, "bytes from step to step").toBe(1);
    expect(tf.memory().numTensors, "tensors left over").toBe(before);
  });

  it("has the same bits twice", async () => {
    const [first, again] = [await trainOnBackend(numbers, 2), await trainOnBackend(numbers, 2)];
    expect(first.trained).toEqual(again.trained);
  });
});
