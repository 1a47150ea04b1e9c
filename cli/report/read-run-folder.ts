import { resolve } from "node:path";
import type { Program, QuantizedModel } from "../../compiler/ir/index.ts";
import { checkWeights, UnfitWeights } from "../../runtime/check-weights.ts";
import { CorruptFile, joinPath, MissingFile, type FileHost } from "../../runtime/files.ts";
import { readSafetensors } from "../../runtime/safetensors.ts";
import { checkpointPath, loadCheckpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram } from "../../runtime/train/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { fileHost } from "../file-host.ts";
import { compileAgain } from "../run-folder/compile-again.ts";
import type { Terminal } from "../terminal.ts";
import { movePaths } from "../train/run-paths.ts";
import { readRun, runFiles, type Asked, type RunRecord } from "../train/run-record.ts";
import { readMetrics, type Metrics } from "./read-metrics.ts";

/** Everything in a run's folder that a report tells of. */
export interface RunFolder {
  readonly record: RunRecord;
  /** As it was asked, paths from where the command is called. */
  readonly asked: Asked;
  readonly program: Program;
  readonly metrics: Metrics;
  readonly weights: HostWeights;
  /** Otherwise the weights are those of the last checkpoint, after so many steps. */
  readonly isFinished: boolean;
  readonly steps: number;
  /** The blocks with their branches; absent where the specs changed since the run began, or are gone. */
  readonly model?: QuantizedModel;
}

/** @throws FileProblem */
export async function readRunFolder(folder: string, terminal: Terminal): Promise<RunFolder> {
  const host = fileHost(terminal.folder);
  const path = joinPath(folder, runFiles.record);
  if (!(await host.exists(path))) {
    const help = "Name a folder that `repqc train -o FOLDER` made.";
    throw new MissingFile(path, "is not there", help);
  }
  const { record, program } = await readRun(host, folder);
  const metricsFile = joinPath(folder, runFiles.metrics);
  // Weights have more to tell than curves: a run is worth a page without them.
  const hasMetrics = await host.exists(metricsFile);
  const text = hasMetrics ? new TextDecoder().decode(await host.read(metricsFile)) : "";
  const metrics = readMetrics(text, metricsFile);
  const asked = movePaths(record.asked, resolve(terminal.folder, folder), terminal.folder);
  const model = compileAgain(asked, program, terminal)?.model;
  const known = await trainedWeights(host, folder, program, metrics);
  return { record, asked, program, metrics, ...known, ...(model && { model }) };
}

async function trainedWeights(
  host: FileHost,
  folder: string,
  program: Program,
  metrics: Metrics,
): Promise<Pick<RunFolder, "weights" | "isFinished" | "steps">> {
  const file = joinPath(folder, runFiles.weights);
  if (await host.exists(file)) {
    const weights = readSafetensors(await host.read(file), file).tensors;
    requireFit(program, weights, file);
    const lines = [...metrics.epochs, ...metrics.steps];
    return { weights, isFinished: true, steps: Math.max(0, ...lines.map(({ step }) => step)) };
  }
  const checkpoints = joinPath(folder, runFiles.checkpoints);
  const place = checkpointPath(checkpoints, runFiles.checkpoint);
  if (!(await host.exists(place))) {
    const help = `The run has saved no checkpoint yet: go on with it (\`repqc train --resume -o ${folder}\`), then ask again.`;
    throw new MissingFile(place, "is not there", help);
  }
  const hash = await hashProgram(program);
  const saved = await loadCheckpoint(host, checkpoints, runFiles.checkpoint, hash);
  return { weights: saved.weights, isFinished: false, steps: saved.state.step };
}

/** @throws CorruptFile */
function requireFit({ weights: specs }: Program, weights: HostWeights, file: string): void {
  try {
    checkWeights(specs, weights, file);
  } catch (error) {
    if (!(error instanceof UnfitWeights)) throw error;
    const { length } = error.problems;
    const problem = `does not fit the run's program: ${length} weights are missing, too many, or of another shape`;
    throw new CorruptFile(file, problem, "Bring back the file that the run wrote.");
  }
}
