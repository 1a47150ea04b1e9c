import type { Program } from "../../compiler/ir/index.ts";
import type { Backend } from "../../runtime/backends/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { applyGradients } from "../../runtime/train/apply-gradients.ts";
import { differentiate } from "../../runtime/train/differentiate.ts";
import { initializeSteps } from "../../runtime/train/index.ts";
import { createOptimizer } from "../../runtime/train/optimizers/index.ts";
import { beginOptimizer, trainableWeights } from "../../runtime/train/training-variables.ts";
import { disposeAll, initialWeights, toTensors } from "../../runtime/weights.ts";

/** A training step of one block: forward, backward to every weight and to the input, SGD. */
export interface Step {
  /** Runs once and waits for the result; milliseconds. */
  readonly run: () => Promise<number>;
  /** Largest bytes of live tensor data during a step, beyond what lives before it. */
  readonly peakBytes: () => Promise<number>;
}

const rates = { rate: 1e-3, stepRate: 1e-4, decay: 0, decayed: [] } as const;

/** Loss: mean squared difference to random targets, so that gradients of all sizes flow. */
export async function prepareStep(
  program: Program,
  batch: number,
  memory: Backend["memory"],
): Promise<Step> {
  const input = tf.relu(tf.randomNormal([batch, ...program.input.shape], 0, 1, "float32", 1));
  const target = tf.randomNormal([batch, ...program.output.shape], 0, 1, "float32", 2);
  const optimizer = createOptimizer({ name: "sgd" });
  const weights = toTensors(initialWeights(program, 1));
  for (const [path, found] of initializeSteps(program, weights, input)) weights.set(path, found);
  const variables = { weights, optimizer: beginOptimizer(program, weights, optimizer) };
  const by = trainableWeights(program).map(({ path }) => path);
  const objective = (output: tf.Tensor) => tf.mean(tf.squaredDifference(output, target));
  let count = 0;
  const step = () => {
    const derivative = differentiate(program, {
      weights: variables.weights,
      input,
      by,
      inputName: ".input",
      objective,
    });
    applyGradients(program, variables, derivative, optimizer, rates, ++count);
    disposeAll(derivative.gradients);
    disposeAll(derivative.updates);
    derivative.output.dispose();
    return derivative.value;
  };
  const run = async () => {
    const start = performance.now();
    const value = step();
    await value.data();
    value.dispose();
    return performance.now() - start;
  };
  const peakBytes = async () => {
    if (!memory) return profiledPeak(step);
    memory.takePeak();
    const before = memory.alive();
    await run();
    return memory.takePeak() - before;
  };
  await run();
  return { run, peakBytes };
}

/** Where the backend does not count bytes itself: tfjs counts views as if they were copies. */
async function profiledPeak(step: () => tf.Tensor): Promise<number> {
  const before = tf.memory().numBytes;
  const { peakBytes } = await tf.profile(() => step());
  return peakBytes - before;
}
