import { compile } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import type { Island, Program } from "../../compiler/ir/index.ts";
import { recordedRule, type MergeRule } from "../../compiler/prove/index.ts";
import { mapSizeOf } from "../../compiler/prove/situations.ts";
import { textHost } from "../support/compile-text.ts";

/** Any seed will do: what the tests assert is true of all but one in 2^60 of them. */
export const seed = "0123456789abcdef0011223344556677";

/** A block from text, ready to be proved. */
export interface ProvableBlock {
  readonly island: Island;
  readonly program: Program;
  readonly input: { readonly height: number; readonly width: number };
  readonly rule: MergeRule;
}

interface Options {
  /** What stands behind `=>`. */
  readonly promise?: string;
  /** Channels in and out. */
  readonly channels?: number;
  readonly declarations?: string;
}

/** A block of the given branches, one a line, on a map of 7 by 8. */
export function blockOf(
  branches: readonly string[],
  { promise = "conv(3x3)", channels = 4, declarations = "" }: Options = {},
): ProvableBlock {
  const lines = branches.map((branch, index) => `  branch b${index} = ${branch}`);
  const text = `${declarations}\nblock Sample => ${promise} {\n${lines.join("\n")}\n}`;
  const shape = [7, 8, channels] as const;
  const request = { file: "sample.repq", entry: `Sample(${channels})`, shape };
  const { program, model, diagnostics } = compile(request, textHost(text));
  const island = model?.model.nodes.find((node) => node.kind === "island");
  if (!program || !island) {
    const messages = diagnostics.filter(isError).map(({ code, message }) => `${code}: ${message}`);
    throw new Error([text, ...messages].join("\n"));
  }
  const input = mapSizeOf({ kind: "map", height: 7, width: 8, channels });
  return { island, program, input, rule: recordedRule(program.merge, island.path) };
}
