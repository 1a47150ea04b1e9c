import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { MissingFile } from "../../runtime/files.ts";
import { checkWeights, UnfitWeights } from "../../runtime/check-weights.ts";
import { initialWeights, mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import { readTensors } from "../run/read-tensors.ts";
import { requireWeights } from "../run/require-weights.ts";
import type { CompiledRun } from "./compile-run.ts";
import { runFiles } from "./run-record.ts";

export interface StartingPoint {
  /** The weights' file, or the folder of the run that trained them; drawn by the seed where there is none. */
  readonly weights?: string;
  readonly data: string;
  readonly quant?: string;
  readonly seed: number;
}

/**
 * What a training begins with, on the open backend. Where a policy trains what is left of the merge, branches are merged first.
 * @throws UserMistake, FileProblem
 */
export async function startingWeights(
  folder: string,
  compiled: CompiledRun,
  { weights: given, data: input, quant, seed }: StartingPoint,
): Promise<HostWeights> {
  if (given === undefined) return initialWeights(compiled.program, seed);
  const weights = weightsFile(folder, given);
  const tensors = readTensors(folder, weights);
  const sources = { weights, input, ...(quant !== undefined && { quant }) };
  const { program, unmerged } = compiled;
  if (!unmerged || fits(compiled, tensors)) {
    requireWeights(compiled, tensors, sources);
    return tensors;
  }
  requireWeights(unmerged, tensors, sources);
  const merged = await mergeWeights(unmerged.program, tensors);
  checkWeights(program.weights, merged, weights, { stepsOptional: true });
  return merged;
}

/** The trained weights of a run's folder; a file is itself. @throws MissingFile */
export function weightsFile(folder: string, path: string): string {
  const at = statSync(resolve(folder, path), { throwIfNoEntry: false });
  if (at?.isDirectory() !== true) return path;
  const file = join(path, runFiles.weights);
  if (statSync(resolve(folder, file), { throwIfNoEntry: false })) return file;
  const help = `A run has it once it has finished: \`repqc train --resume -o ${path}\`.`;
  throw new MissingFile(file, "is not there", help);
}

/** Merged weights may be trained on as they are. */
function fits({ program }: CompiledRun, tensors: HostWeights): boolean {
  try {
    checkWeights(program.weights, tensors, "", { stepsOptional: true });
    return true;
  } catch (error) {
    if (error instanceof UnfitWeights) return false;
    throw error;
  }
}
