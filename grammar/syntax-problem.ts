import type { Span } from "./source.ts";

/** Every code a syntax problem may have; each has its section in specs/diagnostics/syntax.md. */
export const syntaxCodes = [
  "syntax/unexpected-token",
  "syntax/unexpected-character",
  "syntax/unterminated-string",
  "syntax/unclosed",
  "syntax/unmatched",
  "syntax/missing-becomes",
  "syntax/missing-arrow",
  "syntax/missing-source",
  "syntax/bare-sum",
  "syntax/unknown-statement",
  "syntax/unknown-declaration",
  "syntax/misplaced-import",
  "syntax/reserved-word",
  "syntax/number-out-of-range",
  "syntax/too-deep",
  "syntax/too-long",
  "syntax/too-many",
] as const;

export type SyntaxCode = (typeof syntaxCodes)[number];

/** A place where a text is not of the language, told to the person who wrote it. */
export interface SyntaxProblem {
  readonly code: SyntaxCode;
  readonly span: Span;
  /** One sentence; what is quoted from the text stands in backticks. */
  readonly message: string;
  /** What to read under the carets. */
  readonly label?: string;
  /** What to do, as an imperative. */
  readonly help?: string;
  readonly related: readonly { readonly span: Span; readonly label: string }[];
}

/** What is said of a parser error; without a span it is of the token where the error was met. */
export type Explanation = Omit<SyntaxProblem, "span" | "related"> &
  Partial<Pick<SyntaxProblem, "span" | "related">>;
