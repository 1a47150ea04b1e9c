import { sumRadius } from "./boxes.ts";
import type { NetworkPlan, SidePath } from "./network-plan.ts";
import { edge, placed, type Piece, type Shape } from "./shapes.ts";

/** Where a unit stands. */
export interface Spot {
  /** Its line. */
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  /** Bottom of the highest unit beside it: between here and the next level lines may run. */
  readonly levelBottom: number;
}

export interface Sides {
  readonly shapes: readonly Shape[];
  /** How far what joins at a unit reaches. */
  readonly rightOf: (unit: number) => number;
}

const laneGap = 22;
/** Below the level that something goes past from. */
const startRoom = 9;

/**
 * What goes past the column, to its right: lines from below a unit to a sum, with units of their own on the way; the shorter, the nearer.
 * @param spots of all units; those beside the column get their lines here
 */
export function sidesPiece(
  { sides }: NetworkPlan,
  spots: Map<number, Spot>,
  columnRight: number,
  pieces: ReadonlyMap<number, Piece>,
): Sides {
  const lanes = lanesOf(sides, spots);
  const rights = new Map<number, number>();
  const placedSides: { readonly side: SidePath; readonly x: number }[] = [];
  let left = columnRight + laneGap;
  for (const lane of lanes) {
    const own = lane.flatMap(({ units }) => units.flatMap((unit) => pieces.get(unit) ?? []));
    const half = Math.max(0, ...own.map(({ axis }) => axis));
    const rest = Math.max(0, ...own.map(({ axis, width }) => width - axis));
    const x = left + half;
    for (const side of lane) {
      placedSides.push({ side, x });
      rights.set(side.to, x + rest);
      for (const unit of side.units) spots.set(unit, { ...spotOf(spots, unit), x });
    }
    left += half + rest + laneGap;
  }
  return {
    shapes: placedSides.flatMap(({ side, x }) => sideShapes(side, x, spots, pieces)),
    rightOf: (unit) => rights.get(unit) ?? columnRight,
  };
}

function spotOf(spots: ReadonlyMap<number, Spot>, unit: number): Spot {
  const spot = spots.get(unit);
  if (!spot) throw new Error(`repqc bug: unit ${unit} of a network has no place`);
  return spot;
}

/** Sides that would lie over each other have lanes of their own. */
function lanesOf(
  sides: readonly SidePath[],
  spots: ReadonlyMap<number, Spot>,
): readonly (readonly SidePath[])[] {
  const spanOf = ({ from, to }: SidePath) =>
    [spotOf(spots, from).levelBottom, spotOf(spots, to).top] as const;
  const length = (side: SidePath) => spanOf(side)[1] - spanOf(side)[0];
  const lanes: SidePath[][] = [];
  for (const side of sides.toSorted((a, b) => length(a) - length(b))) {
    const [start, end] = spanOf(side);
    const free = lanes.find((lane) =>
      lane.every((other) => {
        const [otherStart, otherEnd] = spanOf(other);
        return otherEnd <= start || end <= otherStart;
      }),
    );
    if (free) free.push(side);
    else lanes.push([side]);
  }
  return lanes;
}

function sideShapes(
  { from, to, units }: SidePath,
  x: number,
  spots: ReadonlyMap<number, Spot>,
  pieces: ReadonlyMap<number, Piece>,
): readonly Shape[] {
  const [start, end] = [spotOf(spots, from), spotOf(spots, to)];
  const y = start.levelBottom + startRoom;
  const shapes: Shape[] = [{ kind: "dot", x: start.x, y }];
  let line = [
    { x: start.x, y },
    { x, y },
  ];
  for (const unit of units) {
    const { top, bottom } = spotOf(spots, unit);
    const piece = pieces.get(unit);
    shapes.push(edge([...line, { x, y: top }]));
    if (piece) shapes.push(...placed(piece, x - piece.axis, top));
    line = [{ x, y: bottom }];
  }
  const joinY = (end.top + end.bottom) / 2;
  const join = { x: end.x + Math.sign(x - end.x) * sumRadius, y: joinY };
  return [...shapes, edge([...line, { x, y: joinY }, join])];
}
