import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { ExportedModel, Exporter } from "../../runtime/export/index.ts";
import { modelFile } from "../../runtime/export/tfjs/model-file.ts";
import { joinPath } from "../../runtime/files.ts";
import { tfjsWeightFiles } from "../../runtime/verify/tfjs-contents.ts";
import { filesIn } from "../files.ts";
import { requireResults, type Sources } from "../results/require-results.ts";
import { UserMistake } from "../user-mistake.ts";

/** A name where none was given: in a run's folder `deployed`, or else called like the entry. */
export function usualPlace(
  { makes, name }: Exporter,
  entry: string,
  { run, isFloat }: { readonly run: string | undefined; readonly isFloat: boolean },
): string {
  const own = run === undefined ? entry.replace(/\(.*$/s, "") : "deployed";
  const base = isFloat ? `${own}-float` : own;
  const file = makes === "folder" ? `${base}-${name}` : `${base}${makes}`;
  return run === undefined ? file : joinPath(run, file);
}

/**
 * Checks that a model can be written at a place, before anything is computed: a file that is not read here; or a folder that is not there,
 * is empty, or holds such a model and nothing else, for all of it is replaced.
 * @param sources what is read, by how the command line calls it
 * @throws UserMistake
 */
export function requireModelPlace(
  folder: string,
  out: string,
  { makes }: Exporter,
  sources: Sources,
  roots: readonly string[] | undefined,
): void {
  const isFolder = makes === "folder";
  requireResults(folder, [isFolder ? join(out, modelFile) : out], sources, roots);
  if (!isFolder) return;
  const path = resolve(folder, out);
  const own = ownFiles(path);
  const stranger = namesIn(path).find((name) => !own.has(name) && !name.endsWith(".partial"));
  if (stranger === undefined) return;
  const reason = `it holds \`${stranger}\`, which is no part of an exported model`;
  const hint = "name another folder; a model's folder is replaced as a whole";
  throw new UserMistake(diagnostic("artefact/unwritable", undefined, { file: out, reason, hint }));
}

/** Writes a model whole or not at all. @throws UserMistake */
export function writeModel(
  folder: string,
  out: string,
  { makes }: Exporter,
  { files }: ExportedModel,
): void {
  if (makes === "folder") return filesIn(folder).writeFolder(out, files);
  for (const content of files.values()) filesIn(folder).write(out, content);
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** What of a folder is a model that was exported before: its `model.json`, and the files of weights that this names. */
function ownFiles(path: string): ReadonlySet<string> {
  try {
    const weights = tfjsWeightFiles(readFileSync(join(path, modelFile)));
    return new Set(weights && [modelFile, ...weights]);
  } catch {
    return new Set();
  }
}
