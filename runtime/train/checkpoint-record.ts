import { CorruptFile, ForeignFile } from "../files.ts";
import { isRandomState, type RandomState } from "../random.ts";
import type { JsonValue } from "../json.ts";
import { sha256 } from "../sha256.ts";

/** Where a training stands, apart from its tensors. */
export interface TrainingState {
  /** Which program the weights belong to: any string that differs between programs. */
  readonly programHash: string;
  /** Optimizer steps taken. */
  readonly step: number;
  /** Epochs finished. */
  readonly epoch: number;
  /** The first batch of the present epoch that is still to come, from 0: `BatchOptions.first`. */
  readonly nextBatch: number;
  /** The run's generator, of which data order and augmentation are forks. */
  readonly random: RandomState;
  /** Of the last epoch, by name, for readers of the file; null stands for a number that is not finite, which the session's own record names. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** What else the trainer wants back: schedule, best value so far. */
  readonly more: JsonValue;
}

/** The tensor file that belongs to a record. */
export interface TensorFile {
  /** Its name, in the record's folder. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface CheckpointRecord {
  readonly state: TrainingState;
  readonly tensors: TensorFile;
}

const format = "repqc-checkpoint";
const version = 1;
const fromAnother = "Load another checkpoint, or start the training again.";

/**
 * A record as JSON text for people, with a seal: the SHA-256 of its body without spaces, so that a
 * changed digit is noticed.
 */
export async function writeRecord(record: CheckpointRecord): Promise<Uint8Array<ArrayBuffer>> {
  const body = { state: { ...record.state, metrics: {} }, tensors: record.tensors };
  body.state.metrics = finiteOrNull(record.state.metrics);
  checkFinite(body, "state");
  const seal = await sealOf(body);
  return new TextEncoder().encode(JSON.stringify({ format, version, seal, body }, null, 2) + "\n");
}

/** @throws CorruptFile, ForeignFile (another format version) */
export async function readRecord(bytes: Uint8Array, file: string): Promise<CheckpointRecord> {
  const value = parseJson(bytes, file);
  if (!isObject(value) || value["format"] !== format) {
    throw new CorruptFile(
      file,
      `is not a checkpoint: it lacks \`"format": "${format}"\``,
      fromAnother,
    );
  }
  if (value["version"] !== version) {
    const problem = `is a checkpoint of another format version than ${version}, which this program reads`;
    throw new ForeignFile(file, problem, "Use the version of repqc that wrote it.");
  }
  const { seal, body } = value;
  if (!(await hasSeal(body, seal))) {
    throw new CorruptFile(
      file,
      "was changed after it was saved: its seal does not fit",
      fromAnother,
    );
  }
  if (!isObject(body) || !isState(body["state"]) || !isTensorFile(body["tensors"])) {
    throw new CorruptFile(file, "lacks something that every checkpoint has", fromAnother);
  }
  return { state: body["state"], tensors: body["tensors"] };
}

async function hasSeal(body: unknown, seal: unknown): Promise<boolean> {
  try {
    return isObject(body) && (await sealOf(body)) === seal;
  } catch {
    // JSON can be read that is nested too deeply to be written: none of ours.
    return false;
  }
}

function sealOf(body: object): Promise<string> {
  return sha256(new TextEncoder().encode(JSON.stringify(body)));
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new CorruptFile(file, "is cut off or changed: it is not JSON text", fromAnother);
  }
}

function finiteOrNull(metrics: TrainingState["metrics"]): TrainingState["metrics"] {
  const entries = Object.entries(metrics);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Number.isFinite(value) ? value : null]),
  );
}

/** JSON would turn such numbers into null without a word, and the resumed run would differ. */
function checkFinite(value: unknown, where: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new Error(`A checkpoint cannot hold ${value} at ${where}; this is a bug of repqc.`);
  }
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) checkFinite(part, `${where}.${key}`);
}

function isState(value: unknown): value is TrainingState {
  if (!isObject(value) || typeof value["programHash"] !== "string") return false;
  const counts = [value["step"], value["epoch"], value["nextBatch"]];
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && (count as number) >= 0);
  const hasRest = isObject(value["metrics"]) && value["more"] !== undefined;
  return areCounts && hasRest && isRandomState(value["random"]);
}

function isTensorFile(value: unknown): value is TensorFile {
  if (!isObject(value)) return false;
  const { name, bytes, sha256: sum } = value;
  // A name with a slash would lead out of the folder.
  const isName = typeof name === "string" && !/[/\\]/.test(name);
  return isName && Number.isSafeInteger(bytes) && typeof sum === "string";
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
