import { MissingFile, UnwritableFile, type FileHost } from "../../runtime/files.ts";

/** Thrown where the process would have been killed. */
export class Killed extends Error {}

/** Files in memory, and a limit of steps after which the process "is killed". */
export interface MemoryHost extends FileHost {
  readonly files: Map<string, Uint8Array>;
  /** Steps done: a read, a listing, a removal is one, a write is three. */
  readonly steps: () => number;
}

/**
 * A file host in memory that does what `FileHost` promises in the steps of a real one: a write leaves
 * half of a temporary file, then the whole, then renames it.
 *
 * @param allowed steps that still happen; the one after throws `Killed`, and so does all that follows
 * @param room bytes that all files may take together
 */
export function memoryHost(
  files = new Map<string, Uint8Array>(),
  allowed = Infinity,
  room = Infinity,
): MemoryHost {
  let steps = 0;
  const step = (): void => {
    if (steps >= allowed) throw new Killed();
    steps++;
  };
  const write = async (path: string, bytes: Uint8Array): Promise<void> => {
    const used = [...files.values()].reduce((sum, file) => sum + file.length, 0);
    if (used + bytes.length > room) {
      throw new UnwritableFile(path, "could not be written: the disk is full", "Make room.");
    }
    const temporary = `${path}.1234.partial`;
    step();
    files.set(temporary, bytes.slice(0, bytes.length / 2));
    step();
    files.set(temporary, bytes.slice());
    step();
    files.delete(temporary);
    files.set(path, bytes.slice());
  };
  const read = async (path: string): Promise<Uint8Array> => {
    step();
    const bytes = files.get(path);
    if (bytes === undefined) throw new MissingFile(path, "is not there", "Check the path.");
    return bytes.slice();
  };
  const list = async (folder: string): Promise<readonly string[]> => {
    step();
    const inFolder = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
    return inFolder.map((path) => path.slice(folder.length + 1));
  };
  const remove = async (path: string): Promise<void> => {
    step();
    files.delete(path);
  };
  return {
    files,
    steps: () => steps,
    read,
    write,
    exists: async (path) => files.has(path),
    list,
    remove,
  };
}
