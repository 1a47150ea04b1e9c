import {
  sheetOffset,
  sheetsOf,
  sizeOfTapsPicture,
  text,
  textSizes,
  widthOf,
  type Box,
  type Piece,
  type Role,
  type Shape,
  type Taps,
} from "./shapes.ts";

export interface BoxContent {
  readonly role: Role;
  readonly name: string;
  /** A second, quieter line; empty: none. */
  readonly note?: string;
  readonly taps?: Taps["rows"];
  readonly copies?: number;
  readonly paths?: readonly string[];
  readonly leastWidth?: number;
}

const padding = { x: 11, y: 8 };
const lineGap = 5;
const besideTaps = 8;

/** A box around its texts, and a picture of its taps to the left of them. */
export function boxPiece(content: BoxContent): Piece {
  const { role, name, note = "", taps, copies = 1, paths = [], leastWidth = 54 } = content;
  const picture = taps ? sizeOfTapsPicture(taps) : { width: 0, height: 0 };
  const besideText = taps ? picture.width + besideTaps : 0;
  const textWidth = Math.max(widthOf(name, "name"), widthOf(note, "note"));
  const textHeight = textSizes.name + (note === "" ? 0 : lineGap + textSizes.note);
  const width = Math.max(leastWidth, Math.ceil(2 * padding.x + besideText + textWidth));
  const height = Math.ceil(2 * padding.y + Math.max(textHeight, picture.height));
  const box: Box = { kind: "box", role, copies, paths, x: 0, y: 0, width, height };
  const middle = width / 2 + besideText / 2;
  const top = (height - textHeight) / 2;
  const shapes: Shape[] = [
    box,
    text(name, "name", { x: middle, y: top + textSizes.name / 2 }, "middle"),
  ];
  if (note !== "") {
    const y = top + textHeight - textSizes.note / 2;
    shapes.push(text(note, "note", { x: middle, y }, "middle"));
  }
  if (taps) {
    const x = middle - textWidth / 2 - besideText;
    shapes.push({ kind: "taps", rows: taps, x, y: (height - picture.height) / 2 });
  }
  const beyond = sheetsOf(box) * sheetOffset;
  return { width: width + beyond, height: height + beyond, axis: width / 2, shapes };
}

export const sumRadius = 10;

/** The circle in which a sum ends. */
export function sumPiece(paths: readonly string[] = []): Piece {
  const side = 2 * sumRadius;
  const box: Box = {
    kind: "box",
    role: "sum",
    copies: 1,
    paths,
    x: 0,
    y: 0,
    width: side,
    height: side,
  };
  const shapes = [box, text("+", "name", { x: sumRadius, y: sumRadius }, "middle")];
  return { width: side, height: side, axis: sumRadius, shapes };
}
