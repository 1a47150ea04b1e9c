import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileHost } from "../../cli/file-host.ts";
import { openMetrics } from "../../cli/train/metrics-log.ts";
import { watchTraining } from "../../cli/train/watch-training.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { classificationExamples, type DatasetParts } from "../../runtime/data/index.ts";
import { train, type Recipe } from "../../runtime/train/index.ts";
import { initialWeights } from "../../runtime/weights.ts";
import type { Sample } from "./sample.ts";

export interface SampledTraining {
  readonly program: Program;
  readonly data: DatasetParts;
  /** At least so many; a whole number of epochs is trained. */
  readonly steps: number;
  /** Steps between two samples. */
  readonly sampleEvery: number;
  readonly takeSample: (step: number) => Sample;
}

/** Steps between two checkpoints, and between two lines of metrics. */
const [checkpointEvery, logEvery] = [500, 10];

const recipe: Omit<Recipe, "epochs"> = {
  batch: 8,
  seed: 1,
  loss: { name: "softmax_cross_entropy" },
  optimizer: { name: "sgd", momentum: 0.9 },
  schedule: { name: "cosine" },
  rate: 0.01,
  stepRate: 1e-3,
  decay: 1e-4,
  keep: "best",
};

/**
 * Trains as `repqc train` does: data as a stream, shifted and flipped, checkpoints on disk and lines of metrics, the test part after each epoch.
 * Samples are taken after a step, and the files are gone afterwards.
 */
export async function sampleTraining({
  program,
  data,
  steps,
  sampleEvery,
  takeSample,
}: SampledTraining): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const folder = mkdtempSync(join(tmpdir(), "repqc-bench-"));
  const stepsPerEpoch = Math.floor(data.training.size / recipe.batch);
  const epochs = Math.ceil(steps / stepsPerEpoch);
  const watched = { epochs, stepsPerEpoch, batch: recipe.batch, logEvery, step: 0, history: [] };
  const metrics = openMetrics(folder, "metrics.jsonl", { step: 0, epoch: 0 });
  const silent = { update: () => {}, end: () => {}, abort: () => {} };
  const watch = watchTraining(watched, metrics, () => silent);
  try {
    await train({
      program,
      recipe: { ...recipe, epochs },
      trainingData: classificationExamples(data.training, { augment: { flip: true, shift: 2 } }),
      testData: classificationExamples(data.test),
      weights: initialWeights(program, 1),
      checkpoints: {
        host: fileHost(folder),
        folder: "",
        name: "last",
        everySteps: checkpointEvery,
      },
      ...watch,
      onProgress: (progress) => {
        watch.onProgress(progress);
        if (progress.step % sampleEvery === 0) samples.push(takeSample(progress.step));
      },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return samples;
}
