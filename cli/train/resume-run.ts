import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import type { ImageDecoder } from "../../runtime/data/index.ts";
import { joinPath, type FileHost } from "../../runtime/files.ts";
import { readSafetensors } from "../../runtime/safetensors.ts";
import { checkpointPath, loadCheckpoint } from "../../runtime/train/checkpoint.ts";
import { hashProgram } from "../../runtime/train/index.ts";
import { initialWeights, type HostWeights } from "../../runtime/weights.ts";
import { fileHost } from "../file-host.ts";
import { isLibraryName } from "../host.ts";
import type { Terminal } from "../terminal.ts";
import { UserMistake } from "../user-mistake.ts";
import { dataFiles, fingerprintOf } from "./data-fingerprint.ts";
import { openNamedData, type OpenData } from "./open-data.ts";
import type { OpenRun } from "./open-run.ts";
import { examplesFor } from "./run-examples.ts";
import { lockRun } from "./run-lock.ts";
import { movePaths, pathOptions } from "./run-paths.ts";
import {
  readRun,
  readStart,
  runFiles,
  writeFingerprint,
  type Asked,
  type RunRecord,
} from "./run-record.ts";
import { noteOfLostCheckpoint, removeHalfWritten } from "./tidy-run.ts";
import { flagOf, type RunOptions } from "./train-options.ts";

/** A run as its folder tells it. */
export interface KnownRun {
  readonly record: RunRecord;
  readonly program: Program;
  /** As asked, paths from where the command is called. */
  readonly asked: Asked;
  /** Its weights are there. */
  readonly isFinished: boolean;
}

/**
 * Reads what a run was begun with.
 * @throws UserMistake where something that is given says otherwise; FileProblem
 */
export async function readKnownRun(folder: string, out: string, options: Given): Promise<KnownRun> {
  const host = fileHost(folder);
  const { record, program } = await readRun(host, out);
  const asked = movePaths(record.asked, resolve(folder, out), folder);
  requireSame(folder, out, options, settled(asked, record));
  const isFinished = await host.exists(joinPath(out, runFiles.weights));
  return { record, program, asked, isFinished };
}

/** What is given once more, with the spec. */
type Given = RunOptions & { readonly file?: string };

/** What may be given anew: it changes nothing of the result. */
const free = "checkpointEvery";

/** With what was found where nothing was asked: saying it once more is no contradiction. */
function settled(asked: Asked, { recipe, backend }: RunRecord): Readonly<Record<string, unknown>> {
  const { name, threads } = backend;
  return { epochs: recipe.epochs, threads, ...asked, backend: name };
}

function requireSame(
  folder: string,
  out: string,
  given: Given,
  known: Readonly<Record<string, unknown>>,
): void {
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || name === free) continue;
    const isPath = pathOptions.some((path) => path === name);
    const [now, before] = [value, known[name]].map((one) => comparable(folder, one, isPath));
    if (now === before) continue;
    const option = name === "file" ? "the spec" : `\`${flagOf(name)}\``;
    const parameters = { option, given: `\`${String(value)}\``, folder: out };
    const found = before === undefined ? "none" : `\`${String(known[name])}\``;
    throw new UserMistake(diagnostic("config/resume-differs", undefined, { ...parameters, found }));
  }
}

function comparable(folder: string, value: unknown, isPath: boolean): string | undefined {
  if (value === undefined) return undefined;
  if (!isPath || typeof value !== "string" || isLibraryName(value)) return JSON.stringify(value);
  return JSON.stringify(resolve(folder, value));
}

/** Which run, and whether with data that changed. */
interface Resumed {
  readonly out: string;
  readonly changedData: boolean | undefined;
}

/**
 * Opens a run where its last checkpoint stands, or where it begins.
 * @throws UserMistake (another process trains it), FileProblem, BackendUnavailable
 */
export async function resumeRun(
  { out, changedData: takesOthers = false }: Resumed,
  known: KnownRun,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<OpenRun> {
  const release = lockRun(out, terminal);
  try {
    const opened = await openKnown(terminal.folder, out, known, decoder);
    const { folder, writeError } = terminal;
    const host = fileHost(folder);
    const lost = opened.checkpoint ? undefined : await noteOfLostCheckpoint(host, out);
    if (lost !== undefined) writeError(lost);
    await removeHalfWritten(host, out);
    const found = await fingerprintOf(dataFiles(folder), opened.data);
    if (found !== known.record.data.fingerprint) {
      if (!takesOthers) throw changed(out, known.asked);
      await writeFingerprint(host, out, found);
      writeError("note: the data changed; the run's bits are no longer those of one undisturbed\n");
    }
    return { ...opened, release };
  } catch (error) {
    release();
    throw error;
  }
}

async function openKnown(
  folder: string,
  out: string,
  { record, program, asked }: KnownRun,
  decoder: ImageDecoder,
): Promise<Omit<OpenRun, "release"> & { readonly data: OpenData }> {
  const host = fileHost(folder);
  const places = joinPath(out, runFiles.checkpoints);
  const hasCheckpoint = await host.exists(checkpointPath(places, runFiles.checkpoint));
  const checkpoint = hasCheckpoint
    ? await loadCheckpoint(host, places, runFiles.checkpoint, await hashProgram(program))
    : undefined;
  const data = await openNamedData(folder, asked);
  const examples = examplesFor(program, data, decoder);
  const { name, threads } = record.backend;
  const backend = await openBackend(name, { threads });
  const weights = checkpoint ? new Map() : await firstWeights(host, out, record, program);
  const opened = { record, program, examples, backend, weights, data };
  return checkpoint ? { ...opened, checkpoint } : opened;
}

function changed(folder: string, { data, testData }: Asked): UserMistake {
  const places = testData === undefined ? [data] : [data, testData];
  const what = `the data in ${places.map((place) => `\`${place}\``).join(" or ")}`;
  return new UserMistake(diagnostic("config/resume-changed", undefined, { what, folder }));
}

async function firstWeights(
  host: FileHost,
  out: string,
  record: RunRecord,
  program: Program,
): Promise<HostWeights> {
  const { asked } = record;
  if (asked.weights === undefined) return initialWeights(program, asked.seed);
  const bytes = await readStart(host, out, record);
  return readSafetensors(bytes, joinPath(out, runFiles.start)).tensors;
}
