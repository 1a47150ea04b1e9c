import type { NetworkPlan, NetworkRow } from "./network-plan.ts";
import type { Spot } from "./network-sides.ts";
import { printShape } from "./numbers.ts";
import { edge, placed, text, widthOf, type Piece, type Shape } from "./shapes.ts";
import { besideLine } from "./stack.ts";
import type { Unit } from "./units.ts";

/** A row of the column where it stands; the column's line is at x = 0. */
export interface PlacedRow extends Spot {
  /** The first of those that it stands for. */
  readonly unit: number;
  readonly piece: Piece;
  /** The shape of what leaves it, where it is another than that of what enters. */
  readonly leaving: string;
  readonly endsRepeat: boolean;
}

export function networkRows(
  { rows, repeats }: NetworkPlan,
  units: readonly Unit[],
  spots: ReadonlyMap<number, Spot>,
  pieces: ReadonlyMap<number, Piece>,
): readonly PlacedRow[] {
  const ends = new Set(repeats.map(({ lastRow }) => lastRow));
  return rows.map((row, index) => {
    const unit = row.units[0] ?? -1;
    const [spot, piece] = [spots.get(unit), pieces.get(unit)];
    if (!spot || !piece) throw new Error("repqc bug: a row of a network without a place");
    const shape = shapeBehind(row, units);
    const leaving = shape === shapeBehind(rows[index - 1], units) ? "" : shape;
    return { ...spot, unit, piece, leaving, endsRepeat: ends.has(index) };
  });
}

/** Of what leaves a row; empty where there is none. */
export function shapeBehind(row: NetworkRow | undefined, units: readonly Unit[]): string {
  const type = units[row?.units[0] ?? -1]?.nodes.at(-1)?.type;
  return type ? printShape(type) : "";
}

/** Behind the last row. */
const endLength = 26;

/** A row and the arrow to the next. */
export function rowShapes(row: PlacedRow, next: PlacedRow | undefined): readonly Shape[] {
  const { piece, top, bottom } = row;
  const points = [
    { x: 0, y: bottom },
    { x: 0, y: next?.top ?? bottom + endLength },
  ];
  return [...placed(piece, -piece.axis, top), edge(points), ...leavingLabel(row)];
}

/** Left of the line: what goes past the column starts to its right. */
function leavingLabel({ leaving, bottom, endsRepeat }: PlacedRow): readonly Shape[] {
  if (leaving === "") return [];
  const y = bottom + (endsRepeat ? 26 : 11);
  return [text(leaving, "note", { x: -besideLine, y }, "end")];
}

/** How far the label below a row reaches to the left. */
export function labelReach({ leaving }: PlacedRow): number {
  return leaving === "" ? 0 : besideLine + widthOf(leaving, "note");
}
