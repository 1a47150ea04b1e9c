/** A text with a name; the only thing a {@link Span} points into. */
export interface Source {
  /** Path as the user wrote it, or `repq:...` for the standard library. */
  readonly path: string;
  readonly text: string;
  /** Given on the command line: the text of an option, in no file. */
  readonly isOption?: boolean;
}

/** A half-open range of UTF-16 offsets in a source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A 1-based line and column, as editors count them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The smallest span that covers both; they must lie in the same source. */
export function cover(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: Math.max(first.end, last.end) };
}

/** Line and column of an offset. */
export function positionOf(source: Source, offset: number): Position {
  const before = source.text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** The text a span covers. */
export function textOf(span: Span): string {
  return span.source.text.slice(span.start, span.end);
}
