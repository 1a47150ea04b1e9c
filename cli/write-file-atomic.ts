import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { Stats } from "node:fs";
import { basename, dirname, join } from "node:path";
import { randomBytes } from "node:crypto";
import { makeFolder } from "./make-folder.ts";

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
  makeFolder(dirname(target));
  writeAside(target, content, present);
}

function writeAside(
  target: string,
  content: string | Uint8Array,
  present: Stats | undefined,
): void {
  const aside = asideOf(target);
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

/** Begins with the file's own name and ends in `.partial`, by which the runtime finds what a killed save left (`FileHost.write`). */
export function asideOf(target: string): string {
  return join(dirname(target), `${basename(target)}.${randomBytes(6).toString("hex")}.partial`);
}

/** The name of the file that a name of {@link asideOf} is beside; nothing of any other name. */
export function targetOf(aside: string): string | undefined {
  return /^(.+)\.[0-9a-f]{12}\.partial$/.exec(aside)?.[1];
}

function directoryInTheWay(path: string): Error {
  return Object.assign(new Error(`EISDIR: ${path}`), { code: "EISDIR" });
}
