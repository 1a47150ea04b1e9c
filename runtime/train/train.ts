import type { Batch } from "../data/index.ts";
import { predictWith } from "../predict.ts";
import { tf } from "../tensors.ts";
import { saveCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { Diverged, findNotFinite, findWeightNotFinite } from "./diverged.ts";
import { createLoss } from "./losses/index.ts";
import { createOptimizer } from "./optimizers/index.ts";
import { watchPace } from "./pace.ts";
import type { Recipe } from "./recipe.ts";
import { createSchedule } from "./schedules/index.ts";
import type { TrainingResult, TrainingRun } from "./training-run.ts";
import { trainStep, type StepBatch, type StepOptions } from "./train-step.ts";
import {
  batchSize,
  captureSession,
  closeSession,
  emptyTally,
  epochBatches,
  openSession,
  stepsPerEpoch,
  type TrainingSession,
} from "./training-session.ts";

/**
 * Trains a classifier.
 * @throws Diverged when the loss stops being a number; UnwritableFile; errors of the data
 */
export async function train(run: TrainingRun): Promise<TrainingResult> {
  const session = await openSession(run);
  try {
    const finished = await runEpochs(run, session);
    const final = await saveSession(run, session);
    return { finished, history: [...session.history], final };
  } finally {
    closeSession(session);
  }
}

/** Whether it came to the end. */
async function runEpochs(run: TrainingRun, session: TrainingSession): Promise<boolean> {
  const takeStep = stepper(run, session);
  while (session.epoch < run.recipe.epochs) {
    const { random, epoch, nextBatch } = session;
    if (run.signal?.aborted) return false;
    for await (const batch of epochBatches(run, random, epoch, nextBatch)) {
      await takeStep(batch);
      if (run.signal?.aborted) return false;
      const every = run.checkpoints?.everySteps;
      if (every !== undefined && session.step % every === 0) await saveSession(run, session);
    }
    if (!(await endEpoch(run, session))) return false;
    if (session.epoch < run.recipe.epochs) await saveSession(run, session);
  }
  return true;
}

async function saveSession(run: TrainingRun, session: TrainingSession): Promise<Checkpoint> {
  const checkpoint = await captureSession(session, run.recipe);
  // Some engines' max(x, 0) turns NaN into 0, so that the loss looks well while weights are lost.
  const lost = findWeightNotFinite(checkpoint.weights);
  if (lost) throw new Diverged(session.step, session.epoch, lost, run.recipe.rate);
  if (run.checkpoints) {
    const { host, folder, name } = run.checkpoints;
    await saveCheckpoint(host, folder, name, checkpoint);
  }
  return checkpoint;
}

/** False where the signal stopped the evaluation: a resumed run begins with it. */
async function endEpoch(run: TrainingRun, session: TrainingSession): Promise<boolean> {
  const { program, testData, signal } = run;
  const { loss, correct, steps } = session.tally;
  let test: { testAccuracy?: number } = {};
  if (testData) {
    const { weights } = session.variables;
    try {
      const { accuracy } = await predictWith(program.train, weights, testData, { signal });
      test = { testAccuracy: accuracy };
    } catch (error) {
      if (signal?.aborted) return false;
      throw error;
    }
  }
  const trainAccuracy = correct / (steps * batchSize(run));
  const report = { epoch: session.epoch + 1, loss: loss / steps, trainAccuracy, ...test };
  session.history.push(report);
  run.onEpoch?.(report);
  session.epoch += 1;
  session.nextBatch = 0;
  session.tally = emptyTally;
  return true;
}

/** Takes one step on a batch and counts it. */
function stepper(run: TrainingRun, session: TrainingSession): (batch: Batch) => Promise<void> {
  const steps = stepsPerEpoch(run) * run.recipe.epochs;
  const optionsAt = planSteps(run.recipe, stepsPerEpoch(run), steps);
  const pace = watchPace();
  return async ({ images, labels }) => {
    const options = optionsAt(session.step);
    const batch = {
      input: tf.tensor(images, [labels.length, ...run.trainingData.shape]),
      target: tf.tensor1d(labels, "int32"),
    };
    try {
      const { loss, correct } = await trainStep(run.program, session.variables, batch, options);
      if (!Number.isFinite(loss)) throw await explain(run, session, batch, options);
      advance(session, loss, correct);
      const { rate } = options;
      run.onProgress?.({
        ...describeProgress(run, session, steps),
        loss,
        rate,
        ...pace(steps - session.step),
      });
    } finally {
      tf.dispose([batch.input, batch.target]);
    }
  };
}

function advance(session: TrainingSession, loss: number, correct: number): void {
  const { tally } = session;
  session.step += 1;
  session.nextBatch += 1;
  session.tally = {
    loss: tally.loss + loss,
    correct: tally.correct + correct,
    steps: tally.steps + 1,
  };
}

function describeProgress(
  run: TrainingRun,
  { epoch, step, tally }: TrainingSession,
  steps: number,
) {
  const accuracy = tally.correct / (tally.steps * batchSize(run));
  return { epoch: epoch + 1, epochs: run.recipe.epochs, step, steps, accuracy };
}

/** From the number of steps taken to what the next one is taken with. */
function planSteps(
  recipe: Recipe,
  perEpoch: number,
  steps: number,
): (taken: number) => StepOptions {
  const { name, warmupEpochs = 0 } = recipe.schedule;
  const schedule = createSchedule({ name, warmup: Math.round(warmupEpochs * perEpoch) });
  const { rate, stepRate = rate, decay = 0, decayed = ["kernel"] } = recipe;
  const [loss, optimizer] = [createLoss(recipe.loss), createOptimizer(recipe.optimizer)];
  return (taken) => {
    const factor = schedule(taken, steps);
    const rates = { rate: rate * factor, stepRate: stepRate * factor, decay, decayed };
    return { ...rates, loss, optimizer, count: taken + 1 };
  };
}

async function explain(
  { program }: TrainingRun,
  { step, epoch, variables }: TrainingSession,
  { input }: StepBatch,
  { rate }: StepOptions,
): Promise<Diverged> {
  const where = await findNotFinite(program, variables.weights, input);
  return new Diverged(step, epoch, where, rate);
}
