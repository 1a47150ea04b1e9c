import type { Diagnostic } from "./diagnostic.ts";

/** Whether a diagnostic stops the compilation. */
export function isError(found: Diagnostic): boolean {
  return found.severity === "error";
}

/**
 * Diagnostics by file, then position, then code; those without a place first. Two that a reader could not tell apart are one.
 * The order is the same on every machine: strings compare by UTF-16 code units, not by locale.
 */
export function sortDiagnostics(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const sorted = found.toSorted(
    (left, right) =>
      compare(left.span?.source.path ?? "", right.span?.source.path ?? "") ||
      compare(left.span?.start ?? -1, right.span?.start ?? -1) ||
      compare(left.span?.end ?? -1, right.span?.end ?? -1) ||
      compare(left.code, right.code) ||
      compare(left.message, right.message),
  );
  const seen = new Set<string>();
  return sorted.filter((one) => {
    const key = identityOf(one);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function identityOf({ code, message, span }: Diagnostic): string {
  return JSON.stringify([code, message, span?.source.path, span?.start, span?.end]);
}

function compare<T extends string | number>(left: T, right: T): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
