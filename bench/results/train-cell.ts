import type { Examples } from "../../runtime/data/index.ts";
import {
  CorruptFile,
  ForeignFile,
  joinPath,
  MissingFile,
  type FileHost,
} from "../../runtime/files.ts";
import { loadCheckpoint, type Checkpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram, train } from "../../runtime/train/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { cellId, type Cell } from "./cell.ts";
import type { CompiledCell } from "./compile-cell.ts";

/** Where a cell under way is kept, and what may stop it. */
export interface TrainingPlace {
  readonly host: FileHost;
  readonly folder: string;
  readonly everySteps: number;
  readonly signal: AbortSignal;
  /** Told after each step. */
  readonly onStep?: (step: number, steps: number, loss: number) => void;
}

/** The command was stopped; everything up to the last step is in a checkpoint. */
export class CellStopped extends Error {}

export interface CellTraining extends Pick<CompiledCell, "program" | "recipe"> {
  readonly cell: Cell;
  readonly key: string;
  readonly examples: Examples;
  readonly start: HostWeights;
}

/** Trains a cell, or goes on where it was stopped. @throws CellStopped, Diverged, UnwritableFile */
export async function trainCell(
  { cell, key, program, recipe, examples, start }: CellTraining,
  { host, folder, everySteps, signal, onStep }: TrainingPlace,
): Promise<HostWeights> {
  const name = `${cellId(cell)}-${key}`;
  const resume = await findCheckpoint(host, folder, name, await hashProgram(program));
  const { finished, weights } = await train({
    program,
    recipe,
    trainingData: examples,
    weights: start,
    checkpoints: { host, folder, name, everySteps },
    signal,
    ...(resume && { resume }),
    ...(onStep && { onProgress: ({ step, steps, loss }) => onStep(step, steps, loss) }),
  });
  if (!finished) throw new CellStopped();
  return weights;
}

async function findCheckpoint(
  host: FileHost,
  folder: string,
  name: string,
  programHash: string,
): Promise<Checkpoint | undefined> {
  try {
    return await loadCheckpoint(host, folder, name, programHash);
  } catch (error) {
    // Damaged, or of a program that has changed since: there is nothing to go on from.
    const kinds = [MissingFile, ForeignFile, CorruptFile];
    if (kinds.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}

/** Once its result is kept, a cell's checkpoint serves nothing. */
export async function removeCheckpoint(
  { host, folder }: TrainingPlace,
  cell: Cell,
  key: string,
): Promise<void> {
  const name = `${cellId(cell)}-${key}`;
  for (const file of await host.list(folder)) {
    if (file.startsWith(name)) await host.remove(joinPath(folder, file));
  }
}
