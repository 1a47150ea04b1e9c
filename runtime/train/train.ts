import type { ExampleBatch } from "../data/index.ts";
import { evaluateWith } from "../evaluate.ts";
import { takeTurns } from "../take-turns.ts";
import { tf } from "../tensors.ts";
import { disposeAll, toHostWeights, toTensors } from "../weights.ts";
import { dropQuantizers } from "../without-quantizers.ts";
import { averagedWeights, followAverage } from "./average-weights.ts";
import { saveCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { withFittingBatch } from "./fitting-batch.ts";
import { Diverged, findNotFinite, findWeightNotFinite } from "./diverged.ts";
import { batchSize, epochBatches, stepsPerEpoch, uploadBatch } from "./epoch-batches.ts";
import { freezeStatistics } from "./frozen-statistics.ts";
import type { Loss } from "./losses/index.ts";
import { scoreOf, type Metrics } from "./metrics.ts";
import { watchPace } from "./pace.ts";
import { planSteps } from "./plan-steps.ts";
import { reestimateStatistics } from "./reestimate-statistics.ts";
import type { TrainingResult, TrainingRun } from "./training-run.ts";
import { askTeacher } from "./teacher.ts";
import { trainStep, type StepBatch, type StepOptions } from "./train-step.ts";
import {
  captureSession,
  closeSession,
  emptyTally,
  openSession,
  type TrainingSession,
} from "./training-session.ts";

/**
 * Trains a model.
 * @throws Diverged when the loss stops being a number; UnwritableFile; errors of the data
 */
export async function train(run: TrainingRun): Promise<TrainingResult> {
  const session = await openSession(run);
  try {
    const isAtEnd = await runEpochs(run, session);
    const final = await saveSession(run, session);
    const chosen = await chosenWeights(run, session, isAtEnd);
    const best = session.best && { bestEpoch: session.best.epoch };
    return { history: [...session.history], final, ...chosen, ...best };
  } finally {
    closeSession(session);
  }
}

/** Whether it came to the end. */
async function runEpochs(run: TrainingRun, session: TrainingSession): Promise<boolean> {
  const takeStep = stepper(run, session);
  const yieldTurn = takeTurns();
  while (session.epoch < run.recipe.epochs) {
    const { random, epoch, nextBatch } = session;
    if (run.signal?.aborted) return false;
    for await (const batch of epochBatches(run, random, epoch, nextBatch)) {
      await takeStep(batch);
      await yieldTurn();
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
  const checkpoint = await captureSession(session, run);
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
  const { loss, correct, steps } = session.tally;
  const test = await testEpoch(run, session);
  if (test === "stopped") return false;
  const isClassifier = run.trainingData.target.kind === "labels";
  const report = {
    epoch: session.epoch + 1,
    loss: loss / steps,
    ...(isClassifier && { trainAccuracy: correct / (steps * batchSize(run)) }),
    ...(test && { test }),
  };
  if (test && run.recipe.keep === "best") await keepBest(session, test);
  session.history.push(report);
  run.onEpoch?.(report);
  session.epoch += 1;
  session.nextBatch = 0;
  session.tally = emptyTally;
  return true;
}

/** The test part's metrics, of the averaged weights where there are such. */
async function testEpoch(
  run: TrainingRun,
  session: TrainingSession,
): Promise<Metrics | "stopped" | undefined> {
  const { program, testData, signal } = run;
  if (!testData) return undefined;
  try {
    const weights = averagedWeights(session.variables);
    return await evaluateWith(program.train, weights, testData, { signal });
  } catch (error) {
    if (signal?.aborted) return "stopped";
    // A broken image of the test part must not cost the epoch.
    await saveSession(run, session);
    throw error;
  }
}

/** The first of equally good epochs stays. */
async function keepBest(session: TrainingSession, test: Metrics): Promise<void> {
  const score = scoreOf(test);
  if (session.best && !(score > session.best.score)) return;
  const weights = await toHostWeights(averagedWeights(session.variables));
  session.best = { epoch: session.epoch + 1, score, weights };
}

/** What the recipe ends with; not finished where the signal came while statistics were measured, with which a resumed run begins. */
async function chosenWeights(
  run: TrainingRun,
  session: TrainingSession,
  isAtEnd: boolean,
): Promise<Pick<TrainingResult, "weights" | "finished">> {
  const best = session.best && toTensors(session.best.weights);
  const weights = best ?? averagedWeights(session.variables);
  try {
    const isMeasured = isAtEnd && run.recipe.reestimate === true;
    const found = isMeasured ? await measureAnew(run, session, weights) : undefined;
    if (!found) return { weights: await toHostWeights(weights), finished: isAtEnd && !isMeasured };
    const chosen = await toHostWeights(new Map([...weights, ...found]));
    disposeAll(found);
    const lost = findWeightNotFinite(chosen);
    if (lost) throw new Diverged(session.step, session.epoch, lost, run.recipe.rate);
    return { weights: chosen, finished: true };
  } finally {
    if (best) disposeAll(best);
  }
}

/** Nothing where the signal stopped it. */
async function measureAnew(
  run: TrainingRun,
  { random }: TrainingSession,
  weights: ReadonlyMap<string, tf.Tensor>,
): Promise<Map<string, tf.Tensor> | undefined> {
  const { program, trainingData, signal, onReestimate } = run;
  const total = stepsPerEpoch(run);
  try {
    return await reestimateStatistics(program, weights, trainingData, {
      batch: batchSize(run),
      random: random.fork("reestimate"),
      signal,
      onBatch: (batches) => onReestimate?.(batches, total),
    });
  } catch (error) {
    if (signal?.aborted) return undefined;
    throw error;
  }
}

/** Takes one step on a batch and counts it. */
function stepper(
  run: TrainingRun,
  session: TrainingSession,
): (batch: ExampleBatch) => Promise<void> {
  const steps = stepsPerEpoch(run) * run.recipe.epochs;
  const optionsAt = planSteps(run.recipe, stepsPerEpoch(run), steps);
  const pace = watchPace();
  const teach = recipeTeacher(run, session);
  return async (examples) => {
    const options = optionsAt(session.step);
    const program = options.isFrozen ? freezeStatistics(run.program) : run.program;
    const batch = uploadBatch(examples);
    let taught: tf.Tensor | undefined;
    try {
      taught = teach?.(batch.input, options.loss);
      const lesson = taught ? { ...batch, taught } : batch;
      const { loss, correct } = await trainStep(program, session.variables, lesson, options);
      if (!Number.isFinite(loss)) throw await explain(run, session, batch, options);
      const { average } = run.recipe;
      if (average !== undefined) followAverage(session.variables, average);
      advance(session, loss, correct);
      const { rate } = options;
      run.onProgress?.({
        ...describeProgress(run, session, steps),
        loss,
        rate,
        ...pace(steps - session.step),
      });
    } catch (error) {
      const { weights } = session.variables;
      throw withFittingBatch(error, { program, weights, batch, loss: options.loss });
    } finally {
      tf.dispose([batch.input, batch.target]);
      taught?.dispose();
    }
  };
}

/** From an input to the targets that the teacher gives, where the recipe distills. */
function recipeTeacher({ program, recipe }: TrainingRun, { variables }: TrainingSession) {
  if (recipe.distill !== true) return undefined;
  const graph = dropQuantizers(program.train);
  return (input: tf.Tensor, loss: Loss): tf.Tensor =>
    tf.tidy(() => loss.targetOf(askTeacher(graph, variables, input)));
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

function describeProgress(run: TrainingRun, session: TrainingSession, steps: number) {
  const { epoch, step, tally } = session;
  const isClassifier = run.trainingData.target.kind === "labels";
  const accuracy = tally.correct / (tally.steps * batchSize(run));
  const place = { epoch: epoch + 1, epochs: run.recipe.epochs, step, steps };
  return { ...place, ...(isClassifier && { accuracy }) };
}

async function explain(
  { program }: TrainingRun,
  { step, epoch, variables }: TrainingSession,
  { input }: StepBatch,
  { rate, draw }: StepOptions,
): Promise<Diverged> {
  const where = await findNotFinite(program, variables.weights, input, draw);
  return new Diverged(step, epoch, where, rate);
}
