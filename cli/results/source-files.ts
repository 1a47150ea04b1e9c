import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { runFiles } from "../train/run-files.ts";
import { pathOptions } from "../train/run-paths.ts";
import { isSpec, specFiles } from "./spec-files.ts";

/** A file or a folder that a command reads, and how a message calls it. */
export interface Source {
  readonly name: string;
  readonly path: string;
}

const graphModel = "model.json";

/**
 * All that a command reads where it is given a path: of a run all that training wrote and what it was begun with, of a GraphModel its files
 * of weights, of a checkpoint its tensors. Everything else is itself.
 *
 * @param path absolute
 */
export function sourceFiles({ name, path }: Source): readonly Source[] {
  const own = { name, path };
  if (existsSync(join(path, runFiles.record))) return [...filesOfRun(path), ...askedOf(path)];
  const model = basename(path) === graphModel ? dirname(path) : path;
  if (existsSync(join(model, graphModel))) {
    const weights = namesIn(model).filter((file) => file.endsWith(".bin"));
    return [graphModel, ...weights].map((file) => sourceIn("the model", model, file));
  }
  if (!path.endsWith(".json")) return [own];
  const tensors = namesIn(dirname(path)).filter((file) => isTensorsOf(file, basename(path)));
  return [own, ...tensors.map((file) => sourceIn("the checkpoint", dirname(path), file))];
}

function sourceIn(owner: string, folder: string, file: string): Source {
  return { name: `${owner}'s ${file}`, path: join(folder, file) };
}

/** All of its files, whether they are there yet or not. */
function filesOfRun(run: string): readonly Source[] {
  const { checkpoints, checkpoint: _, ...files } = runFiles;
  const saved = namesIn(join(run, checkpoints)).map((file) => join(checkpoints, file));
  return [...Object.values(files), ...saved].map((file) => sourceIn("the run", run, file));
}

/** The spec, and what else a run was begun with; nothing where its record does not say. */
function askedOf(run: string): readonly Source[] {
  try {
    const { asked } = JSON.parse(readFileSync(join(run, runFiles.record), "utf8")) as {
      readonly asked?: Readonly<Record<string, unknown>>;
    };
    return pathOptions.flatMap((option) => {
      const given = asked?.[option];
      if (typeof given !== "string") return [];
      const name = option === "file" ? "the run's spec" : `what the run was begun with (${option})`;
      if (isSpec(given)) return specFiles(run, { name, given, roots: [] });
      return [{ name, path: resolve(run, given) }];
    });
  } catch {
    return [];
  }
}

/** `last-0123456789abcdef.safetensors` belongs to `last.json`. */
function isTensorsOf(file: string, record: string): boolean {
  return file.startsWith(`${basename(record, ".json")}-`) && file.endsWith(".safetensors");
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
