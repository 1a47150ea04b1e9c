import { joinPath } from "../../runtime/files.ts";
import { writeSafetensors } from "../../runtime/safetensors.ts";
import { Diverged, historyOf, train, type TrainingResult } from "../../runtime/train/index.ts";
import { checkpointPath } from "../../runtime/train/checkpoint.ts";
import { mergeWeights } from "../../runtime/weights.ts";
import { fileHost } from "../file-host.ts";
import { stagesOn, type Stages } from "../progress-bar.ts";
import type { Terminal } from "../terminal.ts";
import { openMetrics } from "./metrics-log.ts";
import type { OpenRun } from "./open-run.ts";
import { runFiles } from "./run-record.ts";
import { stopOnSignal, type Stop } from "./stop-on-signal.ts";
import { describeEpoch, watchTraining } from "./watch-training.ts";

export interface Place {
  readonly terminal: Terminal;
  /** Folder of the run. */
  readonly out: string;
  /** Whether a person watches. */
  readonly isInteractive: boolean;
  /** Steps between two checkpoints. */
  readonly checkpointEvery: number;
}

/**
 * Trains to the end, or to a signal, and writes what came of it.
 * @returns the exit code
 * @throws Diverged, FileProblem; whatever was saved stays
 */
export async function trainRun(run: OpenRun, place: Place): Promise<number> {
  const { terminal, out, isInteractive } = place;
  const stages = stagesOn(terminal.writeError, isInteractive);
  const stop = stopOnSignal(stages.close);
  try {
    const result = await runTraining(run, place, stages, stop);
    if (!result.finished) {
      stages.close();
      const { step } = result.final.state;
      terminal.writeError(`Stopped after step ${step}. ${howToGoOn(out)}\n`);
      return stop.exitCode();
    }
    await writeResults(run, result, place);
    return 0;
  } catch (error) {
    stages.close();
    if (!(error instanceof Diverged)) await tellWhatIsSaved(place);
    throw error;
  } finally {
    stages.close();
    stop.release();
  }
}

function runTraining(
  { record, program, examples, weights, checkpoint }: OpenRun,
  { terminal, out, checkpointEvery }: Place,
  stages: Stages,
  stop: Stop,
): Promise<TrainingResult> {
  const { recipe, asked } = record;
  const position = checkpoint?.state ?? { step: 0, epoch: 0 };
  const metrics = openMetrics(terminal.folder, joinPath(out, runFiles.metrics), position);
  const { training, test } = examples;
  const batch = Math.min(recipe.batch, training.size);
  const stepsPerEpoch = Math.floor(training.size / batch);
  const { epochs } = recipe;
  const { step } = position;
  const history = checkpoint ? historyOf(checkpoint) : [];
  const watched = { epochs, stepsPerEpoch, batch, logEvery: asked.logEvery, step, history };
  return train({
    program,
    recipe,
    trainingData: training,
    ...(test && { testData: test }),
    weights,
    ...(checkpoint && { resume: checkpoint }),
    checkpoints: {
      host: fileHost(terminal.folder),
      folder: joinPath(out, runFiles.checkpoints),
      name: runFiles.checkpoint,
      everySteps: checkpointEvery,
    },
    signal: stop.signal,
    ...watchTraining(watched, metrics, stages.begin),
  });
}

/** The trained weights last: where they are, the run has finished. */
async function writeResults(
  { record, program }: OpenRun,
  { weights, history, bestEpoch }: TrainingResult,
  { terminal, out }: Place,
): Promise<void> {
  const host = fileHost(terminal.folder);
  const path = (name: string): string => joinPath(out, name);
  const written = [path(runFiles.weights)];
  if (record.isMergeable) {
    const deployed = await mergeWeights(program, weights);
    await host.write(path(runFiles.deployed), writeSafetensors(deployed));
    written.push(path(runFiles.deployed));
  }
  await host.write(path(runFiles.weights), writeSafetensors(weights));
  const kept = bestEpoch === undefined ? history.at(-1) : history[bestEpoch - 1];
  if (kept) terminal.write(`trained: ${describeEpoch(kept)} after epoch ${kept.epoch}\n`);
  if (record.recipe.reestimate === true)
    terminal.write("statistics were measured anew after that\n");
  terminal.write(`wrote ${written.join(", ")}\n`);
}

async function tellWhatIsSaved({ terminal, out }: Place): Promise<void> {
  const path = checkpointPath(joinPath(out, runFiles.checkpoints), runFiles.checkpoint);
  if (!(await fileHost(terminal.folder).exists(path))) return;
  terminal.writeError(`The last checkpoint is whole. ${howToGoOn(out)}\n`);
}

function howToGoOn(out: string): string {
  const shown = /^[\w./-]+$/.test(out) ? out : JSON.stringify(out);
  return `To go on: repqc train --resume -o ${shown}`;
}
