import type { Program, RecipeSpec } from "../../compiler/ir/index.ts";
import { compile, compileRecipe, type CompileRequest } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import { createHost } from "../host.ts";
import { UserMistake } from "../user-mistake.ts";

/** What the demo compiles: a classifier and its two kinds of quantized training. */
export interface DemoPlan {
  readonly float: Program;
  readonly merged: Program;
  readonly repq: Program;
  readonly recipe: RecipeSpec;
}

/** Spec of the demo, in the standard library. */
export const demoSpec = "repq:models/fashion";

export function planDemo(folder: string, bits: number, epochs: number): DemoPlan {
  const { host, entry: file } = createHost({ folder, entry: demoSpec, roots: [] });
  const program = (rest: Partial<CompileRequest>): Program => {
    const compiled = compile({ file, entry: "Fashion", ...rest }, host);
    if (compiled.diagnostics.some(isError) || !compiled.program)
      throw new UserMistake(...compiled.diagnostics);
    return compiled.program;
  };
  const { recipe, diagnostics } = compileRecipe({ file, recipe: `Demo(${epochs})` }, host);
  if (!recipe) throw new UserMistake(...diagnostics);
  return {
    float: program({}),
    merged: program({ policy: `Merged(${bits})` }),
    repq: program({ policy: `RepQ(${bits})` }),
    recipe,
  };
}
