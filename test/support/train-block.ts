import type { Program } from "../../compiler/ir/program.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import { createOptimizer } from "../../runtime/train/optimizers/index.ts";
import { trainStep } from "../../runtime/train/train-step.ts";
import { beginOptimizer } from "../../runtime/train/training-variables.ts";
import { disposeAll, toHostWeights, toTensors, type HostWeights } from "../../runtime/weights.ts";

export const rates = { rate: 2e-3, stepRate: 1e-4, decay: 0, decayed: [] } as const;
export const momentum = 0.9;
/** The share of a new batch in the running statistics. */
export const followed = 0.1;

export interface BlockTraining {
  readonly program: Program;
  readonly weights: HostWeights;
  readonly input: HostTensor;
  /** Of the output's shape. */
  readonly probe: HostTensor;
  readonly steps: number;
}

/** What was alive after a step. */
export interface Alive {
  readonly tensors: number;
  readonly bytes: number;
}

const product = {
  name: "product",
  targetOf: tf.clone,
  compute: (output: tf.Tensor, target: tf.Tensor) => tf.sum(tf.mul(output, target)),
};

/** Steps of SGD with momentum on sum(output * probe), on the current backend; nothing in it needs Node. */
export async function trainBlock({
  program,
  weights: start,
  input,
  probe,
  steps,
}: BlockTraining): Promise<{ readonly trained: HostWeights; readonly alive: readonly Alive[] }> {
  const optimizer = createOptimizer({ name: "sgd", momentum });
  const weights = toTensors(start);
  const variables = { weights, optimizer: beginOptimizer(program, weights, optimizer) };
  const upload = ({ shape, data }: HostTensor) => tf.tensor(data, [...shape]);
  const batch = { input: upload(input), target: upload(probe) };
  const alive: Alive[] = [];
  for (let count = 1; count <= steps; count++) {
    await trainStep(program, variables, batch, { ...rates, loss: product, optimizer, count });
    const { numTensors, numBytes } = tf.memory();
    alive.push({ tensors: numTensors, bytes: numBytes });
  }
  const trained = await toHostWeights(variables.weights);
  for (const owned of [variables.weights, variables.optimizer]) disposeAll(owned);
  tf.dispose([batch.input, batch.target]);
  return { trained, alive };
}
