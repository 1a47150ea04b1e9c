import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { CorruptFile, MissingFile, type FileHost } from "../../runtime/files.ts";
import { readSafetensors } from "../../runtime/safetensors.ts";
import { readRecord, type CheckpointRecord } from "../../runtime/train/checkpoint-record.ts";
import { checkpointPath, loadCheckpoint, splitTensors } from "../../runtime/train/checkpoint.ts";
import { hashProgram, keptWeights, type KeptWeights } from "../../runtime/train/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { fileHost } from "../file-host.ts";
import { filesIn } from "../files.ts";
import { readRun, runFiles } from "../train/run-record.ts";

/** Weights as a command line names them. */
export interface GivenWeights {
  /** The file that they were read from, from where the command is called. */
  readonly file: string;
  /** Of that file, in hexadecimal digits. */
  readonly sha256: string;
  readonly tensors: HostWeights;
  /** What they are where that is not the end of a training: "of the checkpoint after step 400, its best epoch (3)". */
  readonly standing?: string;
}

/**
 * Reads weights: a safetensors file; the folder of a run, of which what it ended with is taken, or what it would end with at its last checkpoint:
 * the best epoch so far, or averaged weights, as its recipe says; a checkpoint, the same of it by its record, and by its tensors, which say
 * nothing of epochs, the weights that were trained last.
 * @throws UserMistake (no such file), FileProblem
 */
export async function readWeights(folder: string, path: string): Promise<GivenWeights> {
  const at = statSync(resolve(folder, path), { throwIfNoEntry: false });
  if (at?.isDirectory() === true) return weightsOfRun(folder, path);
  if (!path.endsWith(".json")) return weightsOfFile(folder, path);
  const record = await readRecord(filesIn(folder).readBytes(path), path);
  const place = { folder: dirname(path), name: basename(path, ".json") };
  return weightsOfCheckpoint(fileHost(folder), place, record, record.state.programHash);
}

async function weightsOfRun(folder: string, run: string): Promise<GivenWeights> {
  const host = fileHost(folder);
  const file = join(run, runFiles.weights);
  if (await host.exists(file)) return weightsOfFile(folder, file);
  const places = join(run, runFiles.checkpoints);
  const place = checkpointPath(places, runFiles.checkpoint);
  const isRun = await host.exists(join(run, runFiles.record));
  if (!isRun || !(await host.exists(place))) {
    const help = isRun
      ? `The run has saved nothing yet; go on with it: \`repqc train --resume -o ${run}\`.`
      : "Name a file of weights, or a folder that `repqc train -o FOLDER` made.";
    throw new MissingFile(file, "is not there", help);
  }
  const { program } = await readRun(host, run);
  const hash = await hashProgram(program);
  const record = await readRecord(await host.read(place), place);
  const saved = { folder: places, name: runFiles.checkpoint };
  const given = await weightsOfCheckpoint(host, saved, record, hash);
  return { ...given, standing: `${given.standing}: the run in \`${run}\` has not finished` };
}

/** What a training that ended there would keep. @param hash of the program that it has to be of */
async function weightsOfCheckpoint(
  host: FileHost,
  { folder, name }: { readonly folder: string; readonly name: string },
  { tensors: { name: tensorFile, sha256 } }: CheckpointRecord,
  hash: string,
): Promise<Required<GivenWeights>> {
  const checkpoint = await loadCheckpoint(host, folder, name, hash);
  const kept = keptWeights(checkpoint);
  const standing = `of the checkpoint after step ${checkpoint.state.step}${describeKept(kept)}`;
  return { file: join(folder, tensorFile), sha256, tensors: kept.weights, standing };
}

function describeKept({ bestEpoch, isAveraged }: KeptWeights): string {
  const average = isAveraged ? ", averaged" : "";
  return bestEpoch === undefined ? average : `, its best epoch (${bestEpoch})${average}`;
}

const lastTrained = "of a checkpoint, as they were trained last";

function weightsOfFile(folder: string, file: string): GivenWeights {
  const bytes = filesIn(folder).readBytes(file);
  const { tensors, metadata } = readSafetensors(bytes, file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (metadata.get("format") !== "repqc-checkpoint") return { file, sha256, tensors };
  requireSum(sha256, file);
  return { file, sha256, tensors: splitTensors(tensors).weights, standing: lastTrained };
}

/** A checkpoint has the beginning of its SHA-256 in its name, as long as nobody renames it. */
function requireSum(sha256: string, file: string): void {
  const [, sum] = /-([0-9a-f]{16})\.safetensors$/.exec(basename(file)) ?? [];
  if (sum === undefined || sha256.startsWith(sum)) return;
  const problem = "is not what its name says: its SHA-256 differs";
  throw new CorruptFile(file, problem, "Use another checkpoint, or begin from the run's start.");
}
