import { programJson } from "../../compiler/7-emit/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { CorruptFile, ForeignFile, joinPath, MissingFile } from "../../runtime/files.ts";
import type { FileHost } from "../../runtime/files.ts";
import { loadProgram } from "../../runtime/load.ts";
import { sha256 } from "../../runtime/sha256.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { runFiles } from "./run-files.ts";
import type { RunOptions } from "./train-options.ts";

export { runFiles } from "./run-files.ts";

/** All that a run was begun with: its `run.json`. */
export interface RunRecord {
  /** Version of the program that began it. */
  readonly repqc: string;
  /** As it was typed, but paths: they start from the run's folder, so that a run can be taken elsewhere together with its data. */
  readonly asked: Asked;
  /** The recipe with everything settled. */
  readonly recipe: Recipe;
  /** SHA-256 of every spec that was read. */
  readonly specs: readonly { readonly file: string; readonly sha256: string }[];
  readonly data: {
    readonly training: DataPart;
    readonly test: DataPart | null;
    readonly fingerprint: string;
  };
  /** SHA-256 of the file that training started from. */
  readonly weights: string | null;
  /** Whether what it trains can be merged. */
  readonly isMergeable: boolean;
  readonly backend: { readonly name: string; readonly threads: number; readonly engine: string };
}

/** What else a run begins with, so that a changed byte is noticed. */
interface SealedFiles {
  readonly program: string;
  readonly start: string | null;
}

/** A record as it is written: with the SHA-256 of the files beside it. */
type WrittenRecord = RunRecord & { readonly files: SealedFiles };

export interface DataPart {
  readonly name: string;
  readonly source: string;
  readonly size: number;
}

export type Asked = RunOptions & {
  readonly file: string;
  readonly recipe: string;
  readonly data: string;
  readonly seed: number;
  readonly checkpointEvery: number;
  readonly logEvery: number;
};

const format = "repqc-run";
const version = 1;

/** What a run begins with besides its record and program, as bytes of files. */
export interface FirstFiles {
  /** What training starts from, where it was given. */
  readonly start?: Uint8Array<ArrayBuffer>;
  readonly sample?: Uint8Array<ArrayBuffer>;
}

/**
 * Writes what a run is, `run.json` last: where it is, a run has begun.
 * @throws UnwritableFile
 */
export async function writeRun(
  host: FileHost,
  folder: string,
  record: RunRecord,
  program: Program,
  { start, sample }: FirstFiles = {},
): Promise<void> {
  const bytes = new TextEncoder().encode(programJson(program));
  if (start) await host.write(joinPath(folder, runFiles.start), start);
  await host.write(joinPath(folder, runFiles.program), bytes);
  if (sample) await host.write(joinPath(folder, runFiles.sample), sample);
  const files = { program: await sha256(bytes), start: start ? await sha256(start) : null };
  await writeRecord(host, folder, { ...record, files });
}

/** Records that a run goes on with data of another fingerprint. @throws FileProblem */
export async function writeFingerprint(
  host: FileHost,
  folder: string,
  fingerprint: string,
): Promise<void> {
  const record = await readRecord(host, folder);
  await writeRecord(host, folder, { ...record, data: { ...record.data, fingerprint } });
}

async function writeRecord(host: FileHost, folder: string, record: WrittenRecord): Promise<void> {
  const sealed = { format, version, seal: await sealOf(record), ...record };
  const text = `${JSON.stringify(sealed, null, 2)}\n`;
  await host.write(joinPath(folder, runFiles.record), new TextEncoder().encode(text));
}

/** The bytes of a file that a run began with. @throws MissingFile, CorruptFile */
async function readSealed(host: FileHost, path: string, sum: string | null): Promise<Uint8Array> {
  const help = "Begin a new run in another folder.";
  if (!(await host.exists(path))) throw new MissingFile(path, "is not there", help);
  const bytes = await host.read(path);
  if ((await sha256(bytes)) === sum) return bytes;
  throw new CorruptFile(path, "is not what the run began with (its SHA-256 differs)", help);
}

/** What training started from, where that was given. @throws MissingFile, CorruptFile */
export async function readStart(
  host: FileHost,
  folder: string,
  record: RunRecord,
): Promise<Uint8Array> {
  const { files } = record as WrittenRecord;
  return readSealed(host, joinPath(folder, runFiles.start), files.start);
}

/** @throws MissingFile, CorruptFile, ForeignFile */
export async function readRun(
  host: FileHost,
  folder: string,
): Promise<{ readonly record: RunRecord; readonly program: Program }> {
  const record = await readRecord(host, folder);
  const path = joinPath(folder, runFiles.program);
  const bytes = await readSealed(host, path, record.files.program);
  return { record, program: loadProgram(new TextDecoder().decode(bytes), path) };
}

async function readRecord(host: FileHost, folder: string): Promise<WrittenRecord> {
  const path = joinPath(folder, runFiles.record);
  if (!(await host.exists(path))) {
    const help = "No run was begun there: leave `--resume` out to begin one.";
    throw new MissingFile(path, "is not there", help);
  }
  const { format: found, version: number, seal, ...body } = parse(await readText(host, path), path);
  const help = "Begin a new run in another folder.";
  if (found !== format) throw new CorruptFile(path, "is not the record of a run", help);
  if (number !== version) {
    const problem = `is of format version ${String(number)}; this repqc reads version ${version}`;
    throw new ForeignFile(path, problem, "Use the version of repqc that began the run.");
  }
  if ((await sealOf(body)) !== seal) {
    const problem = "was changed after the run began: its seal does not fit";
    throw new CorruptFile(path, problem, help);
  }
  return body as unknown as WrittenRecord; // Sealed, so ours.
}

async function readText(host: FileHost, path: string): Promise<string> {
  return new TextDecoder().decode(await host.read(path));
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { ...value };
  } catch {
    // Told below.
  }
  throw new CorruptFile(path, "is cut off or changed", "Begin a new run in another folder.");
}

/** Without spaces, so that the text may be printed for people. */
function sealOf(body: object): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(body)));
}
