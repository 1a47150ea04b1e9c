import { existsSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "./make-folder.ts";
import { asideOf, writeFileAtomic } from "./write-file-atomic.ts";

/**
 * Writes a folder of files whole or not at all: beside it first, then put in its place, so that a full disk or a crash leaves what stood
 * there. What the folder held before is gone. A link is followed.
 * @param files by name
 * @throws the file system's error; nothing is left behind
 */
export function writeFolderAtomic(path: string, files: ReadonlyMap<string, Uint8Array>): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present?.isDirectory() === false) throw fileInTheWay(path);
  const target = present === undefined ? path : realpathSync(path);
  const aside = asideOf(target);
  try {
    makeFolder(aside);
    for (const [name, content] of files) writeFileAtomic(join(aside, name), content);
    putInPlace(aside, target);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw error;
  }
}

/** A folder cannot be renamed over another that holds something: that one steps aside, and comes back where this fails. */
function putInPlace(aside: string, target: string): void {
  if (!existsSync(target)) return renameSync(aside, target);
  const before = asideOf(target);
  renameSync(target, before);
  try {
    renameSync(aside, target);
  } catch (error) {
    renameSync(before, target);
    throw error;
  }
  rmSync(before, { recursive: true, force: true });
}

function fileInTheWay(path: string): Error {
  return Object.assign(new Error(`EEXIST: ${path}`), { code: "EEXIST" });
}
