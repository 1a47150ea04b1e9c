import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { randomBytes } from "node:crypto";

/**
 * Writes a file whole or not at all: beside it first, then renamed over it, so that a full disk or a crash leaves what stood there. A link
 * is followed, permissions are kept; a device or pipe is written straight.
 * @throws the file system's error; nothing is left behind
 */
export function writeFileAtomic(path: string, content: string | Uint8Array): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present?.isDirectory() === true) throw directoryInTheWay(path);
  if (present !== undefined && !present.isFile()) return writeFileSync(path, content);
  const target = present === undefined ? path : realpathSync(path);
  mkdirSync(dirname(target), { recursive: true });
  writeAside(target, content, present);
}

function writeAside(
  target: string,
  content: string | Uint8Array,
  present: Stats | undefined,
): void {
  const aside = join(dirname(target), `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = openSync(aside, "wx", present?.mode ?? 0o666);
    try {
      writeFileSync(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function directoryInTheWay(path: string): Error {
  return Object.assign(new Error(`EISDIR: ${path}`), { code: "EISDIR" });
}
