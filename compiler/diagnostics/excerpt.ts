import type { Source, Span } from "../../grammar/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { lineText, placeOf } from "./source-lines.ts";

/** Of a longer line only the part around the mark is laid out, in UTF-16 code units. */
const LONGEST_TEXT = 2000;

/** Underlining of a part of one line. */
export interface Mark {
  /** UTF-16 offsets into the line. */
  readonly from: number;
  readonly to: number;
  readonly isPrimary: boolean;
  readonly label?: string | undefined;
}

export interface ExcerptLine {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly marks: readonly Mark[];
  /** Whether lines before this one are left out. */
  readonly followsGap: boolean;
}

/** The lines of one file that a diagnostic is about. */
export interface Excerpt {
  readonly source: Source;
  readonly place: { readonly line: number; readonly column: number };
  readonly lines: readonly ExcerptLine[];
}

interface Labelled {
  readonly span: Span;
  readonly isPrimary: boolean;
  readonly label?: string | undefined;
}

/** The excerpts of a diagnostic, its own file first. */
export function excerptsOf({ span, label, related }: Diagnostic): readonly Excerpt[] {
  const primary: readonly Labelled[] = span === undefined ? [] : [{ span, label, isPrimary: true }];
  const all = [...primary, ...related.map((one) => ({ ...one, isPrimary: false }))];
  return [...groupBySource(all)].map(([source, places]) => excerptOf(source, places));
}

function groupBySource(places: readonly Labelled[]): ReadonlyMap<Source, readonly Labelled[]> {
  const groups = new Map<Source, Labelled[]>();
  for (const place of places) {
    const group = groups.get(place.span.source) ?? [];
    groups.set(place.span.source, [...group, place]);
  }
  return groups;
}

function excerptOf(source: Source, places: readonly Labelled[]): Excerpt {
  const marks = new Map<number, Mark[]>();
  for (const place of places) {
    for (const [line, mark] of marksOf(place)) marks.set(line, [...(marks.get(line) ?? []), mark]);
  }
  const first = placeOf(source, places[0]!.span.start);
  return { source, place: first, lines: excerptLines(source, marks) };
}

/** A span of one line is one mark; a longer one marks its first and its last line, and is labelled there. */
function marksOf({ span, label, isPrimary }: Labelled): readonly (readonly [number, Mark])[] {
  const start = placeOf(span.source, span.start);
  const end = placeOf(span.source, span.end);
  const from = start.column - 1;
  const to = end.column - 1;
  if (start.line === end.line) return [[start.line, { from, to, isPrimary, label }]];
  const firstText = lineText(span.source, start.line).trimEnd();
  const indent = /^\s*/.exec(lineText(span.source, end.line))![0].length;
  return [
    [start.line, { from, to: Math.max(from, firstText.length), isPrimary }],
    [end.line, { from: Math.min(indent, to), to, isPrimary, label }],
  ];
}

function excerptLines(
  source: Source,
  marks: ReadonlyMap<number, readonly Mark[]>,
): readonly ExcerptLine[] {
  const lines: ExcerptLine[] = [];
  for (const line of [...marks.keys()].toSorted((left, right) => left - right)) {
    const last = lines.at(-1)?.line;
    const isNext = last === undefined || line === last + 1;
    // A gap of one line takes no less room than the line itself.
    if (last !== undefined && line === last + 2) lines.push(lineOf(source, last + 1, [], false));
    const followsGap = !isNext && line !== last + 2;
    lines.push(lineOf(source, line, marks.get(line)!, followsGap));
  }
  return lines;
}

function lineOf(
  source: Source,
  line: number,
  marks: readonly Mark[],
  followsGap: boolean,
): ExcerptLine {
  const ordered = marks.toSorted((left, right) => left.from - right.from);
  const text = lineText(source, line);
  if (text.length <= LONGEST_TEXT) return { line, text, marks: ordered, followsGap };
  const focus = (marks.find(({ isPrimary }) => isPrimary) ?? marks[0])?.from ?? 0;
  const start = Math.max(0, focus - LONGEST_TEXT / 2);
  const part = text.slice(start, start + LONGEST_TEXT);
  const within = (offset: number): number => Math.min(Math.max(offset - start, 0), part.length);
  const moved = ordered.map((mark) => ({ ...mark, from: within(mark.from), to: within(mark.to) }));
  return { line, text: part, marks: moved, followsGap };
}
