import type { Position, Span } from "../../grammar/source.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";
import { placeOf } from "./source-lines.ts";

/** Where something stands; lines and columns count from 1, columns in UTF-16 code units, the end is exclusive. */
export interface JsonPlace {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly place?: JsonPlace;
  readonly label?: string;
  readonly related: readonly (JsonPlace & { readonly label: string })[];
  readonly help?: string;
  readonly fixes: readonly {
    readonly title: string;
    readonly safe: boolean;
    readonly edits: readonly (JsonPlace & { readonly text: string })[];
  }[];
}

/** What `--format json` prints; grows only by new keys while the version stays. */
export interface JsonReport {
  readonly version: 1;
  readonly errors: number;
  readonly warnings: number;
  readonly hints: number;
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** Diagnostics as data for other programs. */
export function toJsonReport(found: readonly Diagnostic[]): JsonReport {
  const count = (severity: Severity): number =>
    found.filter((one) => one.severity === severity).length;
  return {
    version: 1,
    errors: count("error"),
    warnings: count("warning"),
    hints: count("hint"),
    diagnostics: found.map(toJsonDiagnostic),
  };
}

/** The same as text, two blanks per level, ending in a line break. */
export function renderJson(found: readonly Diagnostic[]): string {
  return `${JSON.stringify(toJsonReport(found), undefined, 2)}\n`;
}

function toJsonDiagnostic(found: Diagnostic): JsonDiagnostic {
  const { code, severity, message, span, label, help } = found;
  return {
    code,
    severity,
    message,
    ...(span === undefined ? {} : { place: toPlace(span) }),
    ...(label === undefined ? {} : { label }),
    related: found.related.map((one) => ({ ...toPlace(one.span), label: one.label })),
    ...(help === undefined ? {} : { help }),
    fixes: found.fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map((edit) => ({ ...toPlace(edit.span), text: edit.text })),
    })),
  };
}

function toPlace({ source, start, end }: Span): JsonPlace {
  return { file: source.path, start: placeOf(source, start), end: placeOf(source, end) };
}
