/** Where tabs stop on a terminal is not ours to know, so they are printed as blanks up to the next multiple of this. */
const TAB_STOP = 4;
const WIDEST_LINE = 160;
const WINDOW_BEFORE = 50;
const WINDOW_WIDTH = 120;

const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6])/u;
const NARROW_KATAKANA = /^[\uFF61-\uFF9F\uFFA0-\uFFDC]/u;
const ZERO_WIDTH = /^(?:\p{Mark}|\p{Cf})$/u;
/** Characters that would steer the terminal or reorder the line. */
const UNSAFE = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

/** A text that prints as it reads: what would steer the terminal is shown as �. */
export function visible(text: string): string {
  return text.replace(UNSAFE, "\uFFFD");
}

/** Columns a character takes on a terminal. */
function widthOf(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  return WIDE.test(character) && !NARROW_KATAKANA.test(character) ? 2 : 1;
}

/** A line as it stands on the terminal. */
export interface DisplayLine {
  readonly text: string;
  /** The 0-based column of each UTF-16 offset into the line; one more at the end. */
  readonly columns: readonly number[];
}

/** Lays a line out; of a very long one, only what stands around an offset. */
export function displayLine(line: string, around: number): DisplayLine {
  const cells: string[] = [];
  const columns: number[] = [];
  let column = 0;
  for (const character of line) {
    const isTab = character === "\t";
    const width = isTab ? TAB_STOP - (column % TAB_STOP) : widthOf(visible(character));
    for (let unit = 0; unit < character.length; unit++) {
      columns.push(column);
      cells.push(unit > 0 ? "" : isTab ? " ".repeat(width) : visible(character));
    }
    column += width;
  }
  columns.push(column);
  return column <= WIDEST_LINE
    ? { text: cells.join(""), columns }
    : cropped(cells, columns, around);
}

function cropped(
  cells: readonly string[],
  columns: readonly number[],
  around: number,
): DisplayLine {
  const focus = columns[Math.min(around, cells.length)] ?? 0;
  const from = Math.max(0, focus - WINDOW_BEFORE);
  const to = from + WINDOW_WIDTH;
  const shown = cells.filter((_, offset) => columns[offset]! >= from && columns[offset + 1]! <= to);
  const isCutBefore = from > 0;
  const isCutAfter = columns.at(-1)! > to;
  const shift = isCutBefore ? from - 1 : 0;
  const last = to - shift;
  return {
    text: `${isCutBefore ? "…" : ""}${shown.join("")}${isCutAfter ? "…" : ""}`,
    columns: columns.map((column) => Math.min(Math.max(column - shift, 0), last)),
  };
}
