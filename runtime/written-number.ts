/** A number as JSON can hold it: one that is not finite by its name. */
export type WrittenNumber = number | "Infinity" | "-Infinity" | "NaN";

/** For `JSON.stringify`, which would make `null` of a number that is not finite. */
export function namingNotFinite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

/** The number that was written; undefined where it is none. */
export function numberOf(written: unknown): number | undefined {
  if (typeof written === "number") return written;
  // `null` in sessions of earlier versions, which did not tell the equal from what is no number.
  if (written === "NaN" || written === null) return NaN;
  if (written === "Infinity") return Infinity;
  return written === "-Infinity" ? -Infinity : undefined;
}
