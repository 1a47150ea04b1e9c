import type { Source, Span } from "../../grammar/source.ts";

/** The span of the first place where a part of a text stands. */
export function spanOf(source: Source, part: string): Span {
  const start = source.text.indexOf(part);
  if (start < 0) throw new Error(`"${part}" does not stand in the text`);
  return { source, start, end: start + part.length };
}
