import type { Program } from "../../compiler/ir/program.ts";
import { tf } from "../tensors.ts";
import { disposeAll } from "../weights.ts";
import { applyGradients, type Rates } from "./apply-gradients.ts";
import { clipGradients } from "./clip-gradients.ts";
import { differentiate, type Derivative } from "./differentiate.ts";
import type { Loss } from "./losses/index.ts";
import type { Optimizer } from "./optimizers/index.ts";
import { trainableWeights, type TrainingVariables } from "./training-variables.ts";

export interface StepOptions extends Rates {
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  /** 1 for the first step of the run. */
  readonly count: number;
  /** What `ExecuteOptions` calls so: another one for each step. */
  readonly draw?: number;
  /** Largest norm of all gradients together. */
  readonly clip?: number;
}

export interface StepBatch {
  /** [B, ...] */
  readonly input: tf.Tensor;
  /** What the loss compares the output with. */
  readonly target: tf.Tensor;
  /** In its place, where a teacher says so. */
  readonly taught?: tf.Tensor;
}

export interface StepResult {
  /** Before the step; not finite where training has diverged, and then nothing was changed. */
  readonly loss: number;
  /** How many of the batch were classified right; 0 unless targets are labels [B]. */
  readonly correct: number;
}

/** One step of training: forward, backward, and, where the loss is finite, new weights and statistics. */
export async function trainStep(
  program: Program,
  variables: TrainingVariables,
  { input, target, taught = target }: StepBatch,
  options: StepOptions,
): Promise<StepResult> {
  const by = trainableWeights(program).map(({ path }) => path);
  const objective = (output: tf.Tensor) => options.loss.compute(output, taught);
  const { weights } = variables;
  const { draw } = options;
  const given = { weights, input, by, objective, ...(draw !== undefined && { draw }) };
  const derivative = differentiate(program, given);
  try {
    const [loss = Number.NaN] = await derivative.value.data();
    if (!Number.isFinite(loss)) return { loss, correct: 0 };
    const correct = await readCorrect(derivative.output, target);
    move(program, variables, derivative, options);
    return { loss, correct };
  } finally {
    disposeDerivative(derivative);
  }
}

function move(
  program: Program,
  variables: TrainingVariables,
  { gradients, updates }: Derivative,
  options: StepOptions,
): void {
  const { clip, optimizer, count } = options;
  if (clip === undefined) {
    applyGradients(program, variables, { gradients, updates }, optimizer, options, count);
    return;
  }
  const clipped = clipGradients(gradients, clip);
  applyGradients(program, variables, { gradients: clipped, updates }, optimizer, options, count);
  disposeAll(clipped);
}

async function readCorrect(output: tf.Tensor, target: tf.Tensor): Promise<number> {
  if (output.rank !== 2 || target.rank !== 1) return 0;
  const count = countCorrect(output, target);
  const [correct = 0] = await count.data();
  count.dispose();
  return correct;
}

/** How many rows of output [B, classes] are largest at their label; labels [B] int32. */
export function countCorrect(output: tf.Tensor, labels: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.sum(tf.cast(tf.equal(tf.argMax(output, 1), labels), "float32")));
}

function disposeDerivative({ value, output, gradients, updates }: Derivative): void {
  tf.dispose([value, output]);
  disposeAll(gradients);
  disposeAll(updates);
}
