import { compile, compileRecipe } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Model, Program } from "../../compiler/ir/index.ts";
import { createHost } from "../../cli/host.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { runtimeRecipe } from "../../runtime/runtime-recipe.ts";
import { UserMistake } from "../../cli/user-mistake.ts";
import type { Recipe } from "../../runtime/train/index.ts";
import { enlarger, type Cell, type Method } from "./cell.ts";
import { resultsSpec, type Settings } from "./settings.ts";

export interface CompiledCell {
  readonly program: Program;
  readonly model: Model;
  readonly recipe: Recipe;
}

const policies: Readonly<Record<Method, string | undefined>> = {
  float: undefined,
  imported: undefined,
  unmerged: undefined,
  equalized: undefined,
  "float-estimated": "Float_Estimated",
  merged: "Merged",
  branches: "Branches",
  repq: "RepQ",
  "repq-batch": "RepQ",
  "repq-sampled": "RepQ_Sampled",
  "repq-estimated": "RepQ_Estimated",
};

/** Program and recipe of a cell. @throws UserMistake where the spec does not hold what the plan wants */
export function compileCell(cell: Cell, settings: Settings): CompiledCell {
  const { side } = settings.patch;
  const isEnlarger = cell.net === enlarger;
  const spec = isEnlarger ? "repq:models/ecbsr" : resultsSpec;
  const entry = isEnlarger ? "ECBSR_M4C16(scale: 2, colors: 3)" : `Small${cell.net}`;
  const {
    host,
    entry: file,
    other,
  } = createHost({
    folder: packageRoot,
    entry: spec,
    other: isEnlarger ? resultsSpec : undefined,
  });
  const { program, model, diagnostics } = compile(
    {
      file,
      entry,
      ...policyOf(cell, isEnlarger),
      ...(other !== undefined && { policyFile: other }),
      ...(isEnlarger && { shape: [side, side, 3] }),
    },
    host,
  );
  if (!program || !model || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  return { program, model: model.model, recipe: recipeOf(cell, settings) };
}

function policyOf({ method, bits }: Cell, isEnlarger: boolean): { readonly policy?: string } {
  const policy = policies[method];
  if (policy === undefined) return {};
  const name = isEnlarger ? `Enlarge${policy}` : policy;
  return { policy: bits === 32 ? name : `${name}(${bits})` };
}

function recipeOf({ net, bits, seed }: Cell, { recipes }: Settings): Recipe {
  const { host, entry: file } = createHost({ folder: packageRoot, entry: resultsSpec });
  const stage = bits === 32 ? "float" : "quantized";
  const call = net === enlarger ? recipes.enlarging[bits === 4 ? 4 : 8] : recipes[stage];
  const { recipe, diagnostics } = compileRecipe({ file, recipe: call }, host);
  if (!recipe || diagnostics.some(isError)) throw new UserMistake(...diagnostics);
  return runtimeRecipe(recipe, stage, seed);
}
