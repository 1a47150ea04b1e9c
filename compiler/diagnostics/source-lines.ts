import type { Position, Source } from "../../grammar/source.ts";

const starts = new WeakMap<Source, readonly number[]>();

/** Offsets at which the lines of a source begin; found once per source. */
function lineStarts(source: Source): readonly number[] {
  const known = starts.get(source);
  if (known !== undefined) return known;
  const found = [0, ...Array.from(source.text.matchAll(/\n/g), ({ index }) => index + 1)];
  starts.set(source, found);
  return found;
}

/** The 1-based line and column of an offset; the same as grammar's `positionOf`, but quick where a file has many diagnostics. */
export function placeOf(source: Source, offset: number): Position {
  const all = lineStarts(source);
  let low = 0;
  let high = all.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (all[middle]! <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - all[low]! + 1 };
}

/** The text of a 1-based line, without its line break. */
export function lineText(source: Source, line: number): string {
  const all = lineStarts(source);
  const text = source.text.slice(all[line - 1], all[line] ?? source.text.length);
  return text.replace(/\r?\n$/, "");
}
