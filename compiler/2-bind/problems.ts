import type { Diagnostic } from "../diagnostics/index.ts";
import { limits } from "../limits.ts";

/** Diagnostics up to a limit; beyond it they are not even built, for looking for similar names takes time. */
export class Problems {
  readonly diagnostics: Diagnostic[] = [];

  report(build: () => Diagnostic): void {
    if (this.diagnostics.length < limits.diagnostics) this.diagnostics.push(build());
  }
}
