import { closeSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from "node:fs";
import { asideOf } from "./write-file-atomic.ts";

/** What file systems say that have no links. */
const withoutLinks = new Set(["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP", "EMLINK"]);

/**
 * Makes a file that nobody else has made, with all its content from the first moment on: of several processes that try, one succeeds. Where the
 * file system has no links, the content comes a moment later.
 * @param path absolute, in a folder that is there
 * @returns whether it was made; the file was there otherwise
 * @throws the file system's error
 */
export function createFileOnce(path: string, content: string): boolean {
  const aside = asideOf(path);
  try {
    writeNew(aside, content);
    return isMade(() => linkSync(aside, path));
  } catch (error) {
    if (!withoutLinks.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    return isMade(() => writeNew(path, content));
  } finally {
    rmSync(aside, { force: true });
  }
}

function writeNew(path: string, content: string): void {
  const handle = openSync(path, "wx");
  try {
    writeFileSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function isMade(make: () => void): boolean {
  try {
    make();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
