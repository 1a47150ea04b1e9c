import type { Checkpoint } from "./checkpoint.ts";
import { readPickle } from "./pickle.ts";
import { isKind, type PickleValue, type PickleWorld } from "./pickle-values.ts";
import { damaged, quoted, unreadable } from "./problems.ts";
import { findStateDict } from "./state-dict.ts";
import { TorchStorage, bytesPerNumber, checkpointTensor } from "./torch-storage.ts";
import { torchWorld } from "./torch-world.ts";

const magic = 0x1950a86a20f9469cfc6cn;
const version = 1001;

/** Whether bytes begin as `torch.save` wrote files before PyTorch 1.6: a pickle of the magic number. */
export function isTorchLegacy(bytes: Uint8Array): boolean {
  const begin = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
  return begin.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads what `torch.save` wrote before PyTorch 1.6: pickles of the magic number, the version, the system, the object and the storages'
 * keys, then each storage as its count (int64) and its numbers.
 * @throws CorruptFile, ForeignFile
 */
export function readTorchLegacy(bytes: Uint8Array, file: string): Checkpoint {
  const types = new Map<string, TorchStorage>();
  const world: PickleWorld = {
    ...torchWorld,
    find(id) {
      const found = torchWorld.find(id);
      if (isKind(found, "object") && found.value instanceof TorchStorage)
        types.set(found.value.key, found.value);
      return found;
    },
  };
  let at = 0;
  const next = (): PickleValue => {
    const { value, end } = readPickle(bytes, at, world, file);
    at = end;
    return value;
  };
  if (next() !== magic) throw damaged(file, "has no magic number");
  const found = next();
  if (found !== version) throw unreadable(file, `it is in version ${String(found)} of its format`);
  requireLittleEndian(next(), file);
  const { tensors, part } = findStateDict(next(), file);
  const keys = readKeys(next(), types, file);
  const storages = locate(bytes, at, keys, file);
  const fetch = async ({ key }: TorchStorage) => {
    const storage = storages.get(key);
    if (storage === undefined) throw damaged(file, `has no storage ${quoted(key)}`);
    return storage;
  };
  const entries = [...tensors].map(
    ([name, tensor]) => [name, checkpointTensor(name, tensor, fetch, file)] as const,
  );
  return { tensors: new Map(entries), ...(part !== "" && { part }) };
}

function requireLittleEndian(system: PickleValue, file: string): void {
  if (!isKind(system, "dict") || system.entries.get("little_endian") === false) {
    throw unreadable(file, "its numbers are not little-endian");
  }
}

/** The storages in the order of their bytes. */
function readKeys(
  keys: PickleValue,
  types: ReadonlyMap<string, TorchStorage>,
  file: string,
): readonly TorchStorage[] {
  if (!isKind(keys, "list")) throw damaged(file, "has no list of storages");
  return keys.items.map((key) => {
    const storage = typeof key === "string" ? types.get(key) : undefined;
    if (storage === undefined) throw damaged(file, "lists a storage that nothing refers to");
    return storage;
  });
}

function locate(
  bytes: Uint8Array,
  begin: number,
  storages: readonly TorchStorage[],
  file: string,
): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const located = new Map<string, Uint8Array>();
  let at = begin;
  for (const { key, type, count } of storages) {
    const size = bytesPerNumber(type);
    if (size === undefined) throw unreadable(file, `it holds a \`torch.${type}\``);
    const end = at + 8 + count * size;
    if (end > bytes.length) throw damaged(file, `is cut off in its storage ${quoted(key)}`);
    if (view.getBigInt64(at, true) !== BigInt(count)) {
      throw damaged(file, `gives its storage ${quoted(key)} two lengths`);
    }
    located.set(key, bytes.subarray(at + 8, end));
    at = end;
  }
  return located;
}
