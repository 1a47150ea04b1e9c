/** A text, and where its lines may break: before the signs of a sum, outer sums first. */
export type Layout = readonly Piece[];
type Piece = string | Mark;

interface Mark {
  /** `open` notes the column that the terms of a sum line up with; `break` stands before the sign of one, `close` behind the last. */
  readonly mark: "open" | "break" | "close";
}

export const open: Mark = { mark: "open" };
export const lineBreak: Mark = { mark: "break" };
export const close: Mark = { mark: "close" };

/** Width of a sign and the space behind it, which stand left of the terms. */
const signWidth = 2;

/**
 * Fills lines of `width` columns, beginning at `column`; a term that does not fit goes to a line of its own, its sign left of the terms above it.
 */
export function fill(
  layout: Layout,
  column: number,
  width: number,
  breakLine: (column: number) => string,
): string {
  let text = "";
  let at = column;
  const starts: number[] = [];
  layout.forEach((piece, index) => {
    if (typeof piece === "string") {
      text += piece;
      at += piece.length;
    } else if (piece.mark === "open") starts.push(at);
    else if (piece.mark === "close") starts.pop();
    else if (at + lengthOfTerm(layout, index + 1) > width) {
      at = Math.max(0, (starts.at(-1) ?? column) - signWidth);
      text = text.trimEnd() + breakLine(at);
    }
  });
  return text;
}

/** Characters up to the next place to break that is not inside the term. */
function lengthOfTerm(layout: Layout, from: number): number {
  let length = 0;
  let depth = 0;
  for (const piece of layout.slice(from)) {
    if (typeof piece === "string") length += piece.trimEnd().length === 0 ? 0 : piece.length;
    else if (piece.mark === "open") depth += 1;
    else if (piece.mark === "close") depth -= 1;
    if (typeof piece !== "string" && (depth < 0 || (depth === 0 && piece.mark === "break"))) break;
  }
  return length;
}
