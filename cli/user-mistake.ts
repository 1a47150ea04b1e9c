import type { Diagnostic } from "../compiler/diagnostics/index.ts";

/** Thrown by a command that cannot go on for a reason the user can mend; `main` prints the diagnostics and ends with 1. */
export class UserMistake extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("; "));
    this.name = "UserMistake";
    this.diagnostics = diagnostics;
  }
}
