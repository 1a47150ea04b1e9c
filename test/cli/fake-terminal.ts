import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { plainStyle } from "../../compiler/diagnostics/index.ts";
import type { Terminal } from "../../cli/terminal.ts";

export interface FakeTerminal extends Terminal {
  /** What was written so far. */
  readonly output: () => string;
  readonly errors: () => string;
}

/** A terminal in a folder of its own that holds some files; both are gone after the test. */
export function fakeTerminal(
  files: Readonly<Record<string, string>> = {},
  input = "",
): FakeTerminal {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "repqc-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const output: string[] = [];
  const errors: string[] = [];
  return {
    folder,
    write: (text) => void output.push(text),
    writeError: (text) => void errors.push(text),
    readInput: async () => input,
    style: plainStyle,
    errorStyle: plainStyle,
    output: () => output.join(""),
    errors: () => errors.join(""),
  };
}
