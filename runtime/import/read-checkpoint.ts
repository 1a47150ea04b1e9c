import { readSafetensors } from "../safetensors.ts";
import type { Checkpoint, CheckpointTensor } from "./checkpoint.ts";
import { damaged, unreadable } from "./problems.ts";
import { withoutModule } from "./state-dict.ts";
import { isTorchLegacy, readTorchLegacy } from "./torch-legacy.ts";
import { isZip, readTorchZip } from "./torch-zip.ts";

/**
 * Reads the tensors of a checkpoint: PyTorch's `.pth` or `.pt`, of any version since 0.4, or safetensors. Its first bytes tell which.
 *
 * @param file what to call it in errors
 * @throws CorruptFile, ForeignFile (something else, or more than tensors)
 */
export async function readCheckpoint(bytes: Uint8Array, file: string): Promise<Checkpoint> {
  const { tensors, ...rest } = await read(bytes, file);
  return { tensors: withoutModule(tensors), ...rest };
}

async function read(bytes: Uint8Array, file: string): Promise<Checkpoint> {
  if (bytes.length === 0) throw damaged(file, "is empty");
  if (isZip(bytes)) return readTorchZip(bytes, file);
  if (isTorchLegacy(bytes)) return readTorchLegacy(bytes, file);
  if (isTar(bytes)) {
    throw unreadable(file, "it is a tar file, as PyTorch wrote them before version 0.4");
  }
  if (bytes[0] === 0x80) {
    throw unreadable(file, "it is a pickle, but none that torch.save has written");
  }
  if (bytes.length <= 8) throw damaged(file, "is shorter than any checkpoint");
  if (bytes[8] !== 0x7b) {
    const help = "Give a `.pth` or `.pt` file that torch.save has written, or safetensors.";
    throw unreadable(file, "it is neither a checkpoint of PyTorch nor safetensors", help);
  }
  return readSafe(bytes, file);
}

function isTar(bytes: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(bytes.subarray(257, 262)) === "ustar";
}

function readSafe(bytes: Uint8Array, file: string): Checkpoint {
  const { tensors } = readSafetensors(bytes, file);
  const entries = [...tensors].map(([name, { shape, data }]): [string, CheckpointTensor] => [
    name,
    { shape, isInteger: false, read: async () => data },
  ]);
  return { tensors: new Map(entries) };
}
