import { isZip, openZip, type Zip } from "./zip.ts";
import { readPickle } from "./pickle.ts";
import { damaged, unreadable } from "./problems.ts";
import { findStateDict } from "./state-dict.ts";
import { torchWorld } from "./torch-world.ts";
import { bytesPerNumber, checkpointTensor, spanOf, type TorchTensor } from "./torch-storage.ts";
import type { Checkpoint } from "./checkpoint.ts";

export { isZip };

/** A network with 10,000 tensors has a pickle of 3 MB. The rest is for optimizers and notes that are pickled along. */
const mostOfPickle = 2 ** 26;
/** What a storage may have besides the numbers that tensors look at: they may be a part that was cut out of a larger one. */
const mostBesides = 2 ** 24;
const mostOfByteOrder = 16;

/**
 * Reads what `torch.save` writes since PyTorch 1.6: a zip file with `NAME/data.pkl` and the storages as `NAME/data/KEY`.
 * @throws CorruptFile, ForeignFile
 */
export async function readTorchZip(bytes: Uint8Array, file: string): Promise<Checkpoint> {
  const zip = openZip(bytes, file);
  const root = rootOf(zip, file);
  await requireLittleEndian(zip, root, file);
  const { value } = readPickle(
    await zip.read(`${root}data.pkl`, mostOfPickle),
    0,
    torchWorld,
    file,
  );
  const { tensors, part } = findStateDict(value, file);
  const needs = bytesNeeded([...tensors.values()]);
  const entries = [...tensors].map(([name, tensor]) => {
    const fetch = ({ key }: { readonly key: string }) =>
      zip.read(`${root}data/${key}`, (needs.get(key) ?? 0) + mostBesides);
    return [name, checkpointTensor(name, tensor, fetch, file)] as const;
  });
  return { tensors: new Map(entries), ...(part !== "" && { part }) };
}

/** By key: the bytes of a storage up to the last that a tensor looks at. */
function bytesNeeded(tensors: readonly TorchTensor[]): ReadonlyMap<string, number> {
  const needs = new Map<string, number>();
  for (const tensor of tensors) {
    const { storage, offset } = tensor;
    const end = Math.min(offset + spanOf(tensor), storage.count);
    const bytes = end * (bytesPerNumber(storage.type) ?? 1);
    needs.set(storage.key, Math.max(bytes, needs.get(storage.key) ?? 0));
  }
  return needs;
}

/** The folder in the zip file that holds everything. */
function rootOf({ names }: Zip, file: string): string {
  const pickles = names.filter((name) => /^(?:[^/]+\/)?data\.pkl$/.test(name));
  const [pickle, another] = pickles;
  if (pickle === undefined) {
    throw unreadable(file, "it is a zip file, but none that torch.save has written");
  }
  if (another !== undefined) throw damaged(file, "holds two checkpoints");
  const root = pickle.slice(0, -"data.pkl".length);
  if (names.some((name) => name.startsWith(`${root}code/`))) {
    const help = "In Python: `torch.save(torch.jit.load(FILE).state_dict(), ANOTHER)`.";
    throw unreadable(file, "it is a TorchScript program", help);
  }
  return root;
}

async function requireLittleEndian(zip: Zip, root: string, file: string): Promise<void> {
  const name = `${root}byteorder`;
  if (zip.size(name) === undefined) return;
  const order = new TextDecoder().decode(await zip.read(name, mostOfByteOrder));
  if (order !== "little") {
    const help = "Save it again on a machine with little-endian numbers.";
    throw unreadable(file, "its numbers are big-endian", help);
  }
}
