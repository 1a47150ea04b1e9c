import { CorruptFile, ForeignFile, joinPath, MissingFile, type FileHost } from "../files.ts";
import { readSafetensors, writeSafetensors, type HostTensor } from "../safetensors.ts";
import { sha256 } from "../sha256.ts";
import {
  readRecord,
  writeRecord,
  type CheckpointRecord,
  type TrainingState,
} from "./checkpoint-record.ts";

export type { TrainingState } from "./checkpoint-record.ts";

/** Everything that a training needs to go on as if it had never stopped. */
export interface Checkpoint {
  /** By weight path: parameters, BN statistics, quantizer steps. */
  readonly weights: ReadonlyMap<string, HostTensor>;
  /** By whatever names the optimizer chooses. */
  readonly optimizer: ReadonlyMap<string, HostTensor>;
  readonly state: TrainingState;
}

/** Before the names of the optimizer's tensors in the file; weights have their paths as names. */
const optimizerPrefix = "optimizer/";
const other = "Load another checkpoint, or start the training again.";

/** The file that says that a checkpoint is there, and what it consists of. */
export function checkpointPath(folder: string, name: string): string {
  return joinPath(folder, `${name}.json`);
}

/**
 * Saves a checkpoint as `<name>.json` and `<name>-<16 digits>.safetensors`, the digits being the
 * beginning of the tensor file's SHA-256. The tensor file is written first, under a name that no
 * earlier save of other content has; renaming the JSON file is the moment of the save; files of the
 * earlier save go last. So a kill at any moment leaves either checkpoint whole.
 *
 * @param name letters, digits, `.`, `_`, `-`
 * @throws UnwritableFile, with the earlier checkpoint unharmed
 */
export async function saveCheckpoint(
  host: FileHost,
  folder: string,
  name: string,
  { weights, optimizer, state }: Checkpoint,
): Promise<void> {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) {
    throw new Error(`A checkpoint cannot be named \`${name}\`; this is a bug of repqc.`);
  }
  const bytes = writeSafetensors(
    joinTensors(weights, optimizer),
    new Map([["format", "repqc-checkpoint"]]),
  );
  const sum = await sha256(bytes);
  const tensors = {
    name: `${name}-${sum.slice(0, 16)}.safetensors`,
    bytes: bytes.length,
    sha256: sum,
  };
  const record = await writeRecord({ state, tensors });
  await host.write(joinPath(folder, tensors.name), bytes);
  await host.write(checkpointPath(folder, name), record);
  await removeLeftovers(host, folder, name, tensors.name);
}

/**
 * Loads what `saveCheckpoint` saved, to the bit.
 *
 * @param programHash of the program that the weights are for
 * @throws MissingFile (nothing was saved), ForeignFile (another program, another format version),
 *   CorruptFile (truncated, changed, or files of different saves)
 */
export async function loadCheckpoint(
  host: FileHost,
  folder: string,
  name: string,
  programHash: string,
): Promise<Checkpoint> {
  const path = checkpointPath(folder, name);
  if (!(await host.exists(path))) {
    const help = "Check the folder, or start a new training without resuming.";
    throw new MissingFile(path, "is not there: no checkpoint was saved under this name", help);
  }
  const record = await readRecord(await host.read(path), path);
  if (record.state.programHash !== programHash) {
    const problem = "is the checkpoint of another program (block, model or quantization policy)";
    throw new ForeignFile(
      path,
      problem,
      "Compile what it was trained with, or start a new training.",
    );
  }
  const tensorPath = joinPath(folder, record.tensors.name);
  const bytes = await readTensorFile(host, tensorPath, path, record);
  const { tensors } = readSafetensors(bytes, tensorPath);
  return { ...splitTensors(tensors), state: record.state };
}

async function readTensorFile(
  host: FileHost,
  tensorPath: string,
  path: string,
  { tensors }: CheckpointRecord,
): Promise<Uint8Array> {
  if (!(await host.exists(tensorPath))) {
    const help = `Both files belong together: copy it to where \`${path}\` is. ${other}`;
    throw new MissingFile(tensorPath, `is not there, and \`${path}\` needs it`, help);
  }
  const bytes = await host.read(tensorPath);
  if (bytes.length !== tensors.bytes) {
    const problem = `has ${bytes.length} bytes, and \`${path}\` was saved with ${tensors.bytes}`;
    throw new CorruptFile(tensorPath, problem, other);
  }
  if ((await sha256(bytes)) !== tensors.sha256) {
    const problem = `is not what \`${path}\` was saved with: its SHA-256 differs`;
    throw new CorruptFile(tensorPath, problem, other);
  }
  return bytes;
}

function joinTensors(
  weights: Checkpoint["weights"],
  optimizer: Checkpoint["optimizer"],
): ReadonlyMap<string, HostTensor> {
  const all = new Map(weights);
  for (const path of weights.keys()) {
    if (!path.startsWith(optimizerPrefix)) continue;
    throw new Error(`A weight cannot be named \`${path}\`; this is a bug of repqc.`);
  }
  for (const [name, tensor] of optimizer) all.set(optimizerPrefix + name, tensor);
  return all;
}

/** The tensors of a checkpoint's file: the weights, and what else training wants back. */
export function splitTensors(
  all: ReadonlyMap<string, HostTensor>,
): Pick<Checkpoint, "weights" | "optimizer"> {
  const weights = new Map<string, HostTensor>();
  const optimizer = new Map<string, HostTensor>();
  for (const [name, tensor] of all) {
    if (name.startsWith(optimizerPrefix)) optimizer.set(name.slice(optimizerPrefix.length), tensor);
    else weights.set(name, tensor);
  }
  return { weights, optimizer };
}

/** Removes this checkpoint's earlier tensor files, and what killed saves left half-written. */
async function removeLeftovers(
  host: FileHost,
  folder: string,
  name: string,
  current: string,
): Promise<void> {
  const literal = name.replaceAll(".", "\\.");
  const leftover = new RegExp(
    `^${literal}(-[0-9a-f]{16}\\.safetensors(.*\\.partial)?|\\.json.*\\.partial)$`,
  );
  for (const file of await host.list(folder)) {
    if (file !== current && leftover.test(file)) await host.remove(joinPath(folder, file));
  }
}
