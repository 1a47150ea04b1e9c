import { countBatches, type ExampleBatch } from "../data/index.ts";
import type { Random } from "../random.ts";
import { tf } from "../tensors.ts";
import type { TrainingRun } from "./training-run.ts";

/** Images per step: the recipe's, unless there are fewer images than that. */
export function batchSize({ recipe, trainingData }: TrainingRun): number {
  return Math.min(recipe.batch, trainingData.size);
}

export function stepsPerEpoch(run: TrainingRun): number {
  return countBatches(run.trainingData.size, { batch: batchSize(run), incomplete: "drop" });
}

/** The batches of an epoch, from `first` on: the same in every run of this seed. */
export function epochBatches(run: TrainingRun, random: Random, epoch: number, first: number) {
  return run.trainingData.pass({
    batch: batchSize(run),
    random: random.fork(`epoch ${epoch}`),
    shuffle: true,
    first,
    incomplete: "drop",
  });
}

/** A batch on the backend, the caller's to dispose. */
export function uploadBatch({ inputs, inputShape, targets, targetShape, count }: ExampleBatch) {
  const isLabels = targets instanceof Int32Array;
  return {
    input: tf.tensor(inputs, [count, ...inputShape]),
    target: tf.tensor(targets, [count, ...targetShape], isLabels ? "int32" : "float32"),
  };
}
