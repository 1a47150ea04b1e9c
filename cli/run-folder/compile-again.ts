import type { Program } from "../../compiler/ir/index.ts";
import { compileEntry, type CompiledEntry } from "../compile-entry.ts";
import type { EntryOptions } from "../entry-options.ts";
import type { Terminal } from "../terminal.ts";
import { UserMistake } from "../user-mistake.ts";

/** What a run was begun with. */
interface Asked extends EntryOptions {
  readonly file: string;
}

/**
 * What a run's specs are compiled to now; nothing where they no longer make its program, or are gone.
 * @param asked paths from where the command is called
 */
export function compileAgain(
  asked: Asked,
  program: Program,
  terminal: Terminal,
): CompiledEntry | undefined {
  const compiled = compileSilently(asked, program.input.shape, terminal);
  return compiled && isSame(compiled.program, program) ? compiled : undefined;
}

/** Compiles without a word; nothing where that fails. */
export function compileSilently(
  asked: Asked,
  inputShape: readonly number[],
  terminal: Terminal,
): CompiledEntry | undefined {
  const silent = { ...terminal, writeError: () => {} };
  try {
    return compileEntry(asked.file, asked, silent, inputShape);
  } catch (error) {
    if (error instanceof UserMistake) return undefined;
    throw error;
  }
}

/** The same but for where the spec lies. */
function isSame(a: Program, b: Program): boolean {
  return canonical({ ...a, source: "" }) === canonical({ ...b, source: "" });
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
