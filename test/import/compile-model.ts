import { compile } from "../../compiler/compile.ts";
import type { Host } from "../../compiler/host.ts";
import type { Model, Program } from "../../compiler/ir/index.ts";
import { specHost } from "../support/spec-host.ts";

export interface CompiledModel {
  readonly program: Program;
  readonly model: Model;
}

interface Options {
  readonly shape?: readonly number[];
  readonly policy?: string;
  /** The spec's own text, in place of a file below `specs`. */
  readonly text?: string;
}

/** Compiles an entry that must be sound. */
export function compileModel(
  file: string,
  entry: string,
  { shape, policy, text }: Options = {},
): CompiledModel {
  const host: Host = {
    ...specHost,
    read: (path) => (path === file && text !== undefined ? text : specHost.read(path)),
  };
  const request = { file, entry, ...(shape && { shape }), ...(policy !== undefined && { policy }) };
  const { program, model, diagnostics } = compile(request, host);
  if (!program || !model || diagnostics.some(({ severity }) => severity === "error")) {
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  }
  return { program, model: model.model };
}
