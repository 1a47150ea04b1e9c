import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder and those above it that are missing. Level by level, because Node 20's own recursive `mkdirSync` never ends where a
 * folder that is there says that it is not (`ENOENT`), as `/proc` does.
 * @param path absolute
 * @throws the file system's error
 */
export function makeFolder(path: string, make: (folder: string) => void = mkdirSync): void {
  const missing: string[] = [];
  let folder = path;
  while (statSync(folder, { throwIfNoEntry: false }) === undefined && dirname(folder) !== folder) {
    missing.push(folder);
    folder = dirname(folder);
  }
  if (missing.length === 0) requireFolder(folder);
  for (const one of missing.toReversed()) makeOne(one, make);
}

/** Another program may have made it in the meantime. */
function makeOne(folder: string, make: (folder: string) => void): void {
  try {
    make(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    requireFolder(folder);
  }
}

function requireFolder(path: string): void {
  if (statSync(path).isDirectory()) return;
  throw Object.assign(new Error(`EEXIST: ${path}`), { code: "EEXIST" });
}
