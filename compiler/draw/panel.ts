import { placed, text, widthOf, type Frame, type Piece, type Shape } from "./shapes.ts";

export interface PanelHead {
  /** Stands before the heading, as `a`. */
  readonly letter?: string;
  readonly heading: string;
  readonly note: string;
}

/** Pixels. */
export interface LeastSize {
  readonly width?: number;
  readonly height?: number;
}

const padding = { x: 18, top: 62, bottom: 20 };
const besideLetter = 9;

/** Width for the piece in a panel that is so large. */
export function panelRoom({ width = 0 }: LeastSize): number {
  return Math.max(0, width - 2 * padding.x);
}

/** A piece in a frame, below a heading; at least so large, the piece at the left or in the middle of its width. */
export function panel(
  { letter = "", heading, note }: PanelHead,
  piece: Piece,
  least: LeastSize = {},
  side: "left" | "middle" = "middle",
): Piece {
  const indent = letter === "" ? 0 : widthOf(letter, "heading") + besideLetter;
  const head = Math.max(indent + widthOf(heading, "heading"), widthOf(note, "note"));
  const width = Math.ceil(Math.max(least.width ?? 0, 2 * padding.x + Math.max(head, piece.width)));
  const height = Math.ceil(
    Math.max(least.height ?? 0, padding.top + piece.height + padding.bottom),
  );
  const frame: Frame = { kind: "frame", isDashed: false, x: 0, y: 0, width, height };
  const shapes: Shape[] = [frame];
  if (letter !== "") shapes.push(text(letter, "heading", { x: padding.x, y: 20 }));
  shapes.push(text(heading, "heading", { x: padding.x + indent, y: 20 }));
  if (note !== "") shapes.push(text(note, "note", { x: padding.x, y: 39 }));
  const left = side === "left" ? padding.x : (width - piece.width) / 2;
  shapes.push(...placed(piece, left, padding.top));
  return { width, height, axis: left + piece.axis, shapes };
}
