import type { ExampleBatch } from "../data/index.ts";
import { TensorMemoryExhausted } from "../backends/tensor-memory-exhausted.ts";
import type { Random } from "../random.ts";
import { tf } from "../tensors.ts";
import { toHostWeights } from "../weights.ts";
import { Diverged } from "./diverged.ts";
import { epochBatches, uploadBatch } from "./epoch-batches.ts";
import { withFittingBatch } from "./fitting-batch.ts";
import { initializeSteps, lacksSteps } from "./initialize-steps.ts";
import { createLoss } from "./losses/index.ts";
import type { TrainingRun } from "./training-run.ts";

/**
 * Steps that the weights lack, by path, from the first batches of the first epoch: one, or as many together as the recipe
 * calibrates with. The caller's to dispose.
 * @throws Diverged where the numbers that they are found from are not finite; TensorMemoryExhausted; errors of the data
 */
export async function firstSteps(
  run: TrainingRun,
  random: Random,
  weights: Map<string, tf.Tensor>,
): Promise<ReadonlyMap<string, tf.Tensor>> {
  if (!lacksSteps(run.program, weights)) return new Map();
  const batches = await firstBatches(run, random);
  if (batches.length === 0) return new Map();
  const steps = beginSteps(run, weights, batches);
  await requireUsable(steps, run.recipe.rate);
  return steps;
}

/** Copied, for the data's own arrays are those of the batch that comes next. */
async function firstBatches(run: TrainingRun, random: Random): Promise<readonly ExampleBatch[]> {
  const { calibrate = 1 } = run.recipe;
  const batches: ExampleBatch[] = [];
  for await (const batch of epochBatches(run, random, 0, 0)) {
    const [inputs, targets] = [batch.inputs.slice(), batch.targets.slice()];
    batches.push({ ...batch, inputs, targets });
    if (batches.length === calibrate) break;
  }
  return batches;
}

function beginSteps(
  run: TrainingRun,
  weights: ReadonlyMap<string, tf.Tensor>,
  batches: readonly ExampleBatch[],
): Map<string, tf.Tensor> {
  const input = together(batches);
  try {
    return initializeSteps(run.program, weights, input);
  } catch (error) {
    throw explained(error, run, weights, batches);
  } finally {
    input.dispose();
  }
}

/** All inputs [B, ...]. */
function together(batches: readonly ExampleBatch[]): tf.Tensor {
  const { inputs: first, inputShape } = batches[0]!;
  const inputs = new Float32Array(first.length * batches.length);
  batches.forEach((batch, index) => inputs.set(batch.inputs, index * first.length));
  const count = batches.reduce((sum, batch) => sum + batch.count, 0);
  return tf.tensor(inputs, [count, ...inputShape]);
}

function explained(
  error: unknown,
  { program, recipe }: TrainingRun,
  weights: ReadonlyMap<string, tf.Tensor>,
  batches: readonly ExampleBatch[],
): unknown {
  if (!(error instanceof TensorMemoryExhausted)) return error;
  if (batches.length > 1) return error.inCalibration(batches.length);
  const batch = uploadBatch(batches[0]!);
  try {
    return withFittingBatch(error, { program, weights, batch, loss: createLoss(recipe.loss) });
  } finally {
    tf.dispose({ ...batch });
  }
}

/** A step that begins at infinity or NaN turns everything behind it into zeros, which no loss shows. */
async function requireUsable(steps: ReadonlyMap<string, tf.Tensor>, rate: number): Promise<void> {
  for (const [path, { data }] of await toHostWeights(steps)) {
    if (!data.every((step) => step > 0 && step < Infinity))
      throw new Diverged(0, 0, `weight ${path}`, rate);
  }
}
