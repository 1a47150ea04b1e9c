import { isError, renderJson, renderText, sortDiagnostics } from "../compiler/diagnostics/index.ts";
import type { Diagnostic, Severity, TextStyle } from "../compiler/diagnostics/index.ts";

export type ReportFormat = "text" | "json";

/** Diagnostics by their places, as text or data; where none has a place, in the order given. */
export function report(
  found: readonly Diagnostic[],
  format: ReportFormat,
  style: TextStyle,
): string {
  const ordered = inOrder(found);
  return format === "json" ? renderJson(ordered) : renderText(ordered, style);
}

function inOrder(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = sortDiagnostics(found);
  if (sorted.some(({ span }) => span !== undefined)) return sorted;
  return found.filter((one) => sorted.includes(one));
}

/** 1 where something is wrong, 0 where all is well or only warned about. */
export function exitCodeFor(found: readonly Diagnostic[]): 0 | 1 {
  return found.some(isError) ? 1 : 0;
}

/** `2 errors, 1 warning`; nothing for none. */
export function countInWords(found: readonly Diagnostic[]): string {
  const severities: readonly Severity[] = ["error", "warning", "hint"];
  return severities
    .map((severity) => [severity, found.filter((one) => one.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}
