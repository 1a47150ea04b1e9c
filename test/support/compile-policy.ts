import { compile } from "../../compiler/compile.ts";
import type { Program } from "../../compiler/ir/index.ts";
import { textHost } from "./compile-text.ts";

/** The model `Net` of a text under a policy of it; both must be sound. */
export function compilePolicy(text: string, policy: string): Program {
  const request = { file: "sample.repq", entry: "Net", policy };
  const { program, diagnostics } = compile(request, textHost(text));
  if (!program) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}
