import { compile, type TrainForm } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Host } from "../../compiler/host.ts";
import type { Island, Program } from "../../compiler/ir/index.ts";
import type { RandomBlock } from "./random-block.ts";

/** A folder of one file. */
export function textHost(text: string): Host {
  return {
    read: (path) => (path === "sample.repq" ? text : undefined),
    resolve: (_, specifier) => ({ kind: "missing", tried: specifier, nearby: [] }),
  };
}

export interface CompiledBlock {
  readonly program: Program;
  readonly island: Island;
}

type Source = Pick<RandomBlock, "text" | "entry" | "shape">;

/** Compiles a block that must be sound; it may be dearer than its branches. */
export function compileText({ text, entry, shape }: Source, form?: TrainForm): CompiledBlock {
  const request = { file: "sample.repq", entry, shape, ...(form && { form }) };
  const { program, model, diagnostics } = compile(request, textHost(text));
  const island = model?.model.nodes.find((node) => node.kind === "island");
  if (!program || !island || diagnostics.some(isError)) {
    const messages = diagnostics.map(({ code, message }) => `${code}: ${message}`);
    throw new Error([text, ...messages].join("\n"));
  }
  return { program, island };
}
