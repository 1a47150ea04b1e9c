import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { compile, type TrainForm } from "../../compiler/compile.ts";
import type { Host } from "../../compiler/host.ts";
import type { Program } from "../../compiler/ir/index.ts";

function readSpec(path: string): string | undefined {
  try {
    return readFileSync(new URL(`../../specs/${path}`, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
}

/** The files under `specs/`, as `blocks/repvgg.repq`. */
export const specHost: Host = {
  read: readSpec,
  resolve(from, specifier) {
    const path = specifier.startsWith("repq:")
      ? `${specifier.slice("repq:".length)}.repq`
      : posix.join(posix.dirname(from), specifier);
    if (readSpec(path) !== undefined) return { kind: "found", path };
    return { kind: "missing", tried: path, nearby: [] };
  },
};

/** Compiles an entry of a standard block's file; it must be sound. */
export function compileSpec(
  file: string,
  entry: string,
  shape: readonly number[],
  form: TrainForm = "folded",
): Program {
  const { program, diagnostics } = compile({ file, entry, shape, form }, specHost);
  if (!program || diagnostics.length > 0)
    throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return program;
}
