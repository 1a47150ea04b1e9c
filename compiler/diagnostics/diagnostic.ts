import type { Span } from "../../grammar/source.ts";

export type Severity = "error" | "warning" | "hint";

/** A replacement of the text that a span covers. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Safe fixes keep the meaning of the program; an editor may apply them unasked. */
  readonly safe: boolean;
}

/** One thing a person should know about their spec: what, where, why, what to do. */
export interface Diagnostic {
  /** `area/slug`, stable for ever; `repqc explain` knows it. */
  readonly code: string;
  readonly severity: Severity;
  /** Absent where no place in a file is meant (a missing file, a flag of the command line). */
  readonly span?: Span;
  /** One sentence; values in backticks, numbers printed. */
  readonly message: string;
  /** What to read under the carets. */
  readonly label?: string;
  readonly related: readonly { readonly span: Span; readonly label: string }[];
  /** What to do, as an imperative. */
  readonly help?: string;
  readonly fixes: readonly Fix[];
}
