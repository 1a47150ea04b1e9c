import { resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { filesIn } from "../files.ts";
import { UserMistake } from "../user-mistake.ts";
import { harmToData } from "./harm-to-data.ts";
import { realPlace } from "./real-place.ts";
import { sourceFiles } from "./source-files.ts";
import { folderOfSpec, isSpec, specFiles } from "./spec-files.ts";

/** What a command reads, by how the command line calls it: specs, files, folders of runs, models or data. */
export type Sources = Readonly<Record<string, string | undefined>>;

/**
 * The one place that every command passes before it writes: results may go where nothing is that it reads, and where they can be written.
 * What is read is more than what is named: see `specFiles` and `sourceFiles`; of a folder of data see `harmToData`.
 * @param outs files to write
 * @param roots as `--root` says
 * @throws UserMistake
 */
export function requireResults(
  folder: string,
  outs: readonly string[],
  sources: Sources,
  roots: readonly string[] = [],
): void {
  // A policy's spec may import from the model's folder, and the other way round.
  const reached = [...roots, ...Object.values(sources).flatMap(folderOfSpec)];
  const read = Object.entries(sources).flatMap(([name, given]) => {
    if (given === undefined) return [];
    if (isSpec(given)) return specFiles(folder, { name, given, roots: reached });
    return sourceFiles({ name, path: resolve(folder, given) });
  });
  for (const out of outs) {
    const target = realPlace(resolve(folder, out));
    for (const source of read) {
      if (realPlace(source.path) === target)
        throw refusal(out, `${source.name} is the same file`, "name another file");
      const harm = harmToData(target, source);
      if (harm !== undefined) throw refusal(out, harm, "name a place outside of the data");
    }
    filesIn(folder).ensureWritable(out);
  }
}

function refusal(file: string, reason: string, hint: string): UserMistake {
  return new UserMistake(diagnostic("artefact/unwritable", undefined, { file, reason, hint }));
}
