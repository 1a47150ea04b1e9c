import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { filesIn } from "../files.ts";
import { UserMistake } from "../user-mistake.ts";
import { sourceFiles } from "./source-files.ts";

/**
 * Checks where the results are to go: no file that is read, and one that can be written.
 * @param sources what is read, by how the command line calls it; of a folder it is every file that belongs to it, see `sourceFiles`
 * @throws UserMistake
 */
export function requireResultFile(
  folder: string,
  out: string,
  sources: Readonly<Record<string, string | undefined>>,
): void {
  const target = realPath(resolve(folder, out));
  const read = Object.entries(sources).flatMap(([name, file]) =>
    file === undefined ? [] : sourceFiles({ name, path: resolve(folder, file) }),
  );
  const same = read.find(({ path }) => realPath(path) === target);
  if (same) {
    const reason = `${same.name} is the same file`;
    const parameters = { file: out, reason, hint: "name another file" };
    throw new UserMistake(diagnostic("artefact/unwritable", undefined, parameters));
  }
  filesIn(folder).ensureWritable(out);
}

/** Links followed; the path itself where nothing is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
