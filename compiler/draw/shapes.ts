import { textWidth } from "./text-width.ts";

/** Pixels, y downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Rectangle extends Point {
  readonly width: number;
  readonly height: number;
}

/** What a box stands for; decides how it looks. */
export type Role =
  /** Learned, with taps. */
  | "kernel"
  /** Learned, a number per channel. */
  | "channel"
  /** Not learned. */
  | "fixed"
  /** Not affine: it ends what can be merged. */
  | "barrier"
  /** The merge of all branches, and the convolution that they become. */
  | "merged"
  /** Where branches meet or part: a circle for a sum, a bar for channels side by side. */
  | "sum"
  | "bar"
  /** A block in the column of a network. */
  | "block"
  /** The letter of a block that is drawn in detail. */
  | "tag";

export interface Box extends Rectangle {
  readonly kind: "box";
  readonly role: Role;
  /** Equal boxes that it stands for; more than one is drawn as sheets. */
  readonly copies: number;
  /** Paths of the steps or blocks that it stands for. */
  readonly paths: readonly string[];
}

/** A quantizer, or several of one kind. */
export interface Badge extends Rectangle {
  readonly kind: "badge";
  readonly paths: readonly string[];
}

export type TextStyle = "title" | "heading" | "name" | "note" | "badge" | "letter";

export interface Text extends Point {
  readonly kind: "text";
  /** `y` is the middle of its height. */
  readonly anchor: "start" | "middle" | "end";
  readonly style: TextStyle;
  readonly text: string;
}

/** A line with rounded corners. */
export interface Edge {
  readonly kind: "edge";
  readonly points: readonly Point[];
  readonly hasHead: boolean;
  /** Something measured rather than something that flows. */
  readonly isDashed: boolean;
}

export interface Dot extends Point {
  readonly kind: "dot";
}

/** A small picture of a kernel: its taps, between -1 and 1; what is learned counts as 1, what no tap covers as 0. */
export interface Taps extends Point {
  readonly kind: "taps";
  readonly rows: readonly (readonly number[])[];
}

/** A panel, or the dashed frame around what repeats. */
export interface Frame extends Rectangle {
  readonly kind: "frame";
  readonly isDashed: boolean;
}

export type Shape = Box | Badge | Text | Edge | Dot | Taps | Frame;

/** A whole drawing, or a part of one: what flows through it enters at (axis, 0) and leaves at (axis, height). */
export interface Piece {
  readonly width: number;
  readonly height: number;
  readonly axis: number;
  readonly shapes: readonly Shape[];
  /** Begins with a mere dot, at which no arrow points. */
  readonly isOpen?: boolean;
}

export const textSizes: Readonly<Record<TextStyle, number>> = {
  title: 17,
  heading: 13,
  name: 13,
  note: 11,
  badge: 11,
  letter: 11,
};

export function isBold(style: TextStyle): boolean {
  return style === "title" || style === "heading" || style === "badge" || style === "letter";
}

export function widthOf(text: string, style: TextStyle): number {
  return textWidth(text, textSizes[style], isBold(style));
}

/** How far the sheets of a box that stands for several reach beyond it. */
export const sheetOffset = 3;

export function sheetsOf({ copies }: Box): number {
  return Math.min(copies, 3) - 1;
}

/** Where a shape lies, sheets included; nothing for lines and dots. */
export function outlineOf(shape: Shape): Rectangle | undefined {
  switch (shape.kind) {
    case "box": {
      const { x, y, width, height } = shape;
      const beyond = sheetsOf(shape) * sheetOffset;
      return { x, y, width: width + beyond, height: height + beyond };
    }
    case "badge":
    case "frame":
      return shape;
    case "text":
      return textOutline(shape);
    case "taps":
      return { x: shape.x, y: shape.y, ...sizeOfTapsPicture(shape.rows) };
    case "edge":
    case "dot":
      return undefined;
  }
}

function textOutline({ x, y, anchor, style, text }: Text): Rectangle {
  const width = widthOf(text, style);
  const height = textSizes[style];
  const left = { start: x, middle: x - width / 2, end: x - width }[anchor];
  return { x: left, y: y - height / 2, width, height };
}

/** Side of a tap in the picture of a kernel, and the distance to the next. */
export const tapSide = 3.5;
export const tapPitch = 4.5;

export function sizeOfTapsPicture(rows: Taps["rows"]): { width: number; height: number } {
  const length = (count: number) => Math.max(0, count - 1) * tapPitch + tapSide;
  return { width: length(rows[0]?.length ?? 0), height: length(rows.length) };
}

export function moved<S extends Shape>(shape: S, dx: number, dy: number): S {
  if (shape.kind !== "edge") return { ...shape, x: shape.x + dx, y: shape.y + dy };
  return { ...shape, points: shape.points.map(({ x, y }) => ({ x: x + dx, y: y + dy })) };
}

/** A piece's shapes where the piece is put. */
export function placed({ shapes }: Piece, x: number, y: number): readonly Shape[] {
  return shapes.map((shape) => moved(shape, x, y));
}

export const text = (
  content: string,
  style: TextStyle,
  { x, y }: Point,
  anchor: Text["anchor"] = "start",
): Text => ({ kind: "text", x, y, anchor, style, text: content });

export const edge = (points: readonly Point[], options: Partial<Edge> = {}): Edge => ({
  kind: "edge",
  points,
  hasHead: true,
  isDashed: false,
  ...options,
});
