import { boxPiece, sumPiece, sumRadius } from "./boxes.ts";
import { edge, placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";
import { besideLine } from "./stack.ts";

/** One of several ways through a piece. */
export interface Branch {
  readonly piece: Piece;
  readonly sign: 1 | -1;
  /** Stands beside its first edge; empty: nothing. */
  readonly entering: string;
  /** Stands beside its last edge. */
  readonly leaving: string;
}

interface Column extends Branch {
  /** Where its line lies. */
  readonly x: number;
}

interface Columns {
  readonly columns: readonly Column[];
  readonly width: number;
  /** Where what goes into all of them enters. */
  readonly axis: number;
  readonly deepest: number;
}

const columnGap = 20;
const joinRoom = 16;

/** Branches that start in a dot and end in a circle. */
export function sumOfPieces(branches: readonly Branch[]): Piece {
  const all = columnsOf(branches);
  const { columns, axis, width } = all;
  const top = topRoom(branches);
  const joinY = top + all.deepest + joinRoom + sumRadius;
  const shapes = [
    ...fanOut(all, top),
    ...columns.flatMap((column) => bodyOf(column, top)),
    ...columns.flatMap(({ x, piece, sign }): readonly Shape[] => {
      const bottom = top + piece.height;
      const end =
        x === axis
          ? [{ x, y: joinY - sumRadius }]
          : [
              { x, y: joinY },
              { x: axis + (x < axis ? -sumRadius : sumRadius), y: joinY },
            ];
      const minus = text("−", "name", { x: x - besideLine, y: joinY - sumRadius - 9 }, "end");
      return [edge([{ x, y: bottom }, ...end]), ...(sign === -1 ? [minus] : [])];
    }),
    ...placed(sumPiece(), axis - sumRadius, joinY - sumRadius),
  ];
  return { width, height: joinY + sumRadius, axis, shapes, isOpen: true };
}

/** Branches that start in a dot and end side by side. */
export function concatPiece(branches: readonly Branch[]): Piece {
  const all = columnsOf(branches);
  const top = topRoom(branches);
  return { ...barBelow(all, top, fanOut(all, top)), isOpen: true };
}

/** Branches that each take a share of the channels, and end side by side. */
export function splitPiece(branches: readonly Branch[]): Piece {
  const all = columnsOf(branches);
  const bar = barOver(all, "split");
  const top = bar.height + topRoom(branches);
  const deal = all.columns.map(({ x, piece }) =>
    edge(
      [
        { x, y: bar.height },
        { x, y: top },
      ],
      { hasHead: piece.isOpen !== true },
    ),
  );
  return barBelow(all, top, [...bar.shapes, ...deal]);
}

function barBelow(all: Columns, top: number, above: readonly Shape[]): Piece {
  const { columns, axis, width, deepest } = all;
  const bar = barOver(all, "concat");
  const barY = top + deepest + joinRoom + 8;
  const shapes = [
    ...above,
    ...columns.flatMap((column) => bodyOf(column, top)),
    ...columns.map(({ x, piece }) =>
      edge([
        { x, y: top + piece.height },
        { x, y: barY },
      ]),
    ),
    ...placed(bar, 0, barY),
  ];
  return { width: Math.max(width, bar.width), height: barY + bar.height, axis, shapes };
}

function barOver({ width }: Columns, name: string): Piece {
  return boxPiece({ role: "bar", name, leastWidth: width });
}

/** The branch itself with what stands beside its ends. */
function bodyOf({ x, piece, entering, leaving }: Column, top: number): readonly Shape[] {
  const shapes = [...placed(piece, x - piece.axis, top)];
  if (entering !== "") shapes.push(text(entering, "note", { x: x + besideLine, y: top - 13 }));
  if (leaving !== "")
    shapes.push(text(leaving, "note", { x: x + besideLine, y: top + piece.height + 9 }));
  return shapes;
}

/** From one dot to the top of every branch. */
function fanOut({ columns, axis }: Columns, top: number): readonly Shape[] {
  const edges = columns.map(({ x, piece }) => {
    const corner = x === axis ? [] : [{ x, y: 0 }];
    const points = [{ x: axis, y: 0 }, ...corner, { x, y: top }];
    return edge(points, { hasHead: piece.isOpen !== true });
  });
  return [...edges, { kind: "dot", x: axis, y: 0 }];
}

function topRoom(branches: readonly Branch[]): number {
  return branches.some(({ entering }) => entering !== "") ? 36 : 26;
}

/** An odd number of branches has its middle one straight below the entry. */
function columnsOf(branches: readonly Branch[]): Columns {
  let left = 0;
  const columns = branches.map((branch) => {
    const { piece, entering, leaving } = branch;
    const besides = [entering, leaving].map((label) => widthOf(label, "note"));
    const right = Math.max(piece.width - piece.axis, besideLine + Math.max(...besides));
    const x = left + piece.axis;
    left = x + right + columnGap;
    return { ...branch, x };
  });
  const xs = columns.map(({ x }) => x);
  const middle = (xs.length - 1) / 2;
  const axis = ((xs[Math.floor(middle)] ?? 0) + (xs[Math.ceil(middle)] ?? 0)) / 2;
  const deepest = Math.max(...branches.map(({ piece }) => piece.height));
  return { columns, width: left - columnGap, axis, deepest };
}
