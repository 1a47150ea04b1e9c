import { accessSync, constants, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Checks that a file can probably be written, without touching anything: no folder in the way, permission in the nearest folder that is
 * there. What takes minutes to compute should not be lost at the end.
 * @param path absolute
 * @throws an error as the file system's
 */
export function requireWritable(path: string): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present?.isDirectory() === true) throw refusal("EISDIR", path);
  if (present !== undefined && !present.isFile()) return accessSync(path, constants.W_OK);
  let folder = dirname(path);
  let found = statSync(folder, { throwIfNoEntry: false });
  while (found === undefined && dirname(folder) !== folder) {
    folder = dirname(folder);
    found = statSync(folder, { throwIfNoEntry: false });
  }
  if (found?.isDirectory() !== true) throw refusal("ENOTDIR", path);
  accessSync(folder, constants.W_OK | constants.X_OK);
}

function refusal(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
