import { edge, placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";

/** The arrow between two pieces of a column. */
export interface Link {
  readonly length: number;
  /** Stands to the right of the arrow. */
  readonly label?: string;
}

export const linkLength = 20;
/** From a line to the text beside it. */
export const besideLine = 7;

/** Pieces below each other, what flows going down through all of them; `links` has one entry less. */
export function stack(pieces: readonly Piece[], links: readonly Link[]): Piece {
  const [first] = pieces;
  if (pieces.length === 1 && first) return first;
  const labels = links.map(({ label }) => (label === undefined ? 0 : widthOf(label, "note")));
  const axis = Math.max(0, ...pieces.map((piece) => piece.axis));
  const right = Math.max(
    ...pieces.map((piece) => piece.width - piece.axis),
    ...labels.map((width) => (width === 0 ? 0 : besideLine + width)),
  );
  const shapes: Shape[] = [];
  let y = 0;
  pieces.forEach((piece, index) => {
    if (index > 0) {
      const { length, label } = links[index - 1] ?? { length: linkLength };
      const ends = [
        { x: axis, y },
        { x: axis, y: y + length },
      ];
      shapes.push(edge(ends, { hasHead: piece.isOpen !== true }));
      if (label !== undefined)
        shapes.push(text(label, "note", { x: axis + besideLine, y: y + length / 2 - 1 }));
      y += length;
    }
    shapes.push(...placed(piece, axis - piece.axis, y));
    y += piece.height;
  });
  const isOpen = first?.isOpen === true;
  return { width: axis + right, height: y, axis, shapes, isOpen };
}

/** Pieces below each other without arrows, their left sides in line. */
export function column(pieces: readonly Piece[], gap: number): Piece {
  const shapes: Shape[] = [];
  let y = 0;
  for (const piece of pieces) {
    shapes.push(...placed(piece, 0, y));
    y += piece.height + gap;
  }
  const width = Math.max(0, ...pieces.map((piece) => piece.width));
  return { width, height: Math.max(0, y - gap), axis: width / 2, shapes };
}

/** Pieces side by side, their tops in line. */
export function row(pieces: readonly Piece[], gap: number): Piece {
  const shapes: Shape[] = [];
  let x = 0;
  for (const piece of pieces) {
    shapes.push(...placed(piece, x, 0));
    x += piece.width + gap;
  }
  const width = Math.max(0, x - gap);
  const height = Math.max(0, ...pieces.map((piece) => piece.height));
  return { width, height, axis: width / 2, shapes };
}
