import { compileRecipe } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { compileEntry, type CompiledEntry } from "../compile-entry.ts";
import { createHost } from "../host.ts";
import { parseReference } from "../reference.ts";
import { runtimeRecipe } from "../../runtime/runtime-recipe.ts";
import type { Terminal } from "../terminal.ts";
import { report } from "../report.ts";
import { UserMistake } from "../user-mistake.ts";
import type { Asked } from "./run-record.ts";

/** What the specs say of a run. */
export interface CompiledRun extends CompiledEntry {
  readonly recipe: Recipe;
  /** The same model in floating point, where what is trained are its merged weights. */
  readonly unmerged?: CompiledEntry;
}

/**
 * Compiles model, policy and recipe.
 * @param inputShape [height, width, channels], for what the spec leaves open
 * @throws UserMistake
 */
export function compileRun(
  asked: Asked,
  terminal: Terminal,
  inputShape: readonly number[],
): CompiledRun {
  const { quant, ...unquantized } = asked;
  const spec = readRecipe(asked, terminal);
  const compiled = compileEntry(asked.file, asked, terminal, inputShape);
  const stage = isQuantized(compiled.program) ? "quantized" : "float";
  const recipe = runtimeRecipe(spec.recipe, stage, asked.seed);
  const isMerged = quant !== undefined && compiled.model.on === "after_merge";
  return {
    ...compiled,
    texts: new Map([...compiled.texts, ...spec.texts]),
    recipe: { ...recipe, epochs: asked.epochs ?? recipe.epochs },
    ...(isMerged && { unmerged: compileEntry(asked.file, unquantized, terminal, inputShape) }),
  };
}

function readRecipe({ file, recipe: text, root = [] }: Asked, terminal: Terminal) {
  const { folder, errorStyle, writeError } = terminal;
  const { call, file: other } = parseReference(text);
  const opened = createHost({ folder, entry: file, roots: root, other });
  const { host, entry, texts } = opened;
  const { recipe, diagnostics } = compileRecipe(
    { file: opened.other ?? entry, recipe: call },
    host,
  );
  if (!recipe || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  writeError(report(diagnostics, "text", errorStyle));
  return { recipe, texts };
}

function isQuantized({ train }: Program): boolean {
  return train.instructions.some(({ op }) => op.startsWith("quantize"));
}
