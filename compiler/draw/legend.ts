import { badgePiece } from "./badges.ts";
import {
  placed,
  sizeOfTapsPicture,
  text,
  widthOf,
  type Piece,
  type Role,
  type Shape,
} from "./shapes.ts";
import { row } from "./stack.ts";

const meanings: readonly (readonly [Role, string])[] = [
  ["block", "block of branches"],
  ["kernel", "learned kernel"],
  ["channel", "learned per channel"],
  ["fixed", "not learned"],
  ["merged", "merged"],
  ["barrier", "not affine"],
];

const swatch = { width: 22, height: 13 };
const gap = 7;

/** What the looks of these shapes mean, in one line. */
export function legend(shapes: readonly Shape[]): Piece {
  const roles = new Set(shapes.flatMap((shape) => (shape.kind === "box" ? shape.role : [])));
  const entries = meanings
    .filter(([role]) => roles.has(role))
    .map(([role, meaning]) => roleEntry(role, meaning));
  if (hasNegativeTaps(shapes)) entries.push(entry(tapsPiece(), "taps above, below and at zero"));
  const badges = shapes.filter((shape) => shape.kind === "badge");
  if (badges.length > 0) {
    const badge = badgePiece("s4", []);
    entries.push(entry(badge, "quantizer: signed (s) or unsigned (u), bits"));
  }
  return row(entries, 20);
}

function hasNegativeTaps(shapes: readonly Shape[]): boolean {
  return shapes.some((shape) => shape.kind === "taps" && shape.rows.flat().some((tap) => tap < 0));
}

function tapsPiece(): Piece {
  const rows = [[1, -1, 0]];
  const taps: Shape = { kind: "taps", rows, x: 0, y: 0 };
  return { ...sizeOfTapsPicture(rows), axis: 0, shapes: [taps] };
}

function roleEntry(role: Role, meaning: string): Piece {
  const { width, height } = swatch;
  const box: Shape = { kind: "box", role, copies: 1, paths: [], x: 0, y: 0, width, height };
  return entry({ width, height, axis: 0, shapes: [box] }, meaning);
}

const height = 20;

function entry(picture: Piece, meaning: string): Piece {
  const x = picture.width + gap;
  const shapes = [
    ...placed(picture, 0, (height - picture.height) / 2),
    text(meaning, "note", { x, y: height / 2 }),
  ];
  return { width: x + widthOf(meaning, "note"), height, axis: 0, shapes };
}
