import type { SyntaxProblem } from "../../grammar/syntax-problem.ts";
import { diagnostic } from "./build-diagnostic.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** The grammar's problems as diagnostics; their sentences are the grammar's own. */
export function syntaxDiagnostics(problems: readonly SyntaxProblem[]): readonly Diagnostic[] {
  return problems.map(({ code, span, message, label, help, related }) =>
    diagnostic(code, span, { message }, { label, help, related }),
  );
}
