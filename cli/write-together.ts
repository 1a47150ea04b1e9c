import { existsSync, rmSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { filesIn } from "./files.ts";

/**
 * Writes files that belong together: all of them, or, where one cannot be written, none: what stood there before stands there again.
 * @param folder that the paths start from
 * @throws UserMistake
 */
export function writeTogether(folder: string, contents: ReadonlyMap<string, string>): void {
  const files = filesIn(folder);
  const undo: (() => void)[] = [];
  try {
    for (const [file, content] of contents) {
      const path = resolve(folder, file);
      const isThere = existsSync(path) && statSync(path).isFile();
      const before = isThere ? files.readBytes(file) : undefined;
      files.write(file, content);
      undo.push(() => (before === undefined ? rmSync(path) : files.write(file, before)));
    }
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
}
