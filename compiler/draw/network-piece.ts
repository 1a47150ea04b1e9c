import type { QuantizedModel } from "../ir/index.ts";
import type { Kind } from "./kinds.ts";
import { levelsOf } from "./network-levels.ts";
import { planNetwork, type NetworkPlan, type NetworkRow } from "./network-plan.ts";
import { networkRows, rowShapes, shapeBehind, type PlacedRow } from "./network-rows.ts";
import { repeatShapes } from "./network-repeats.ts";
import { sidesPiece, type Spot } from "./network-sides.ts";
import { moved, outlineOf, type Piece, type Shape } from "./shapes.ts";
import { unitPiece } from "./unit-box.ts";
import type { Unit } from "./units.ts";

/** A network as a column of its units, from the input down to the output. */
export function networkPiece(
  quantized: QuantizedModel,
  units: readonly Unit[],
  kinds: readonly Kind[],
): Piece {
  const output = units.findIndex(({ ids }) => ids.includes(quantized.model.output));
  const plan = planNetwork(quantized, units, output);
  const letters = new Map(kinds.flatMap((kind) => kind.units.map((unit) => [unit, kind.letter])));
  const pieces = drawUnits(plan, units, (indices, options) => {
    const peers = indices.flatMap((index) => units[index] ?? []);
    return unitPiece(peers, peers[0] && letters.get(peers[0]), quantized, options);
  });
  const spots = spotsOf(plan, units, pieces);
  const rows = networkRows(plan, units, spots, pieces);
  const right = Math.max(...rows.map(({ piece }) => piece.width - piece.axis));
  const sides = sidesPiece(plan, spots, right, pieces);
  return framed([
    ...rows.flatMap((row, index) => rowShapes(row, rows[index + 1])),
    ...sides.shapes,
    ...plan.repeats.flatMap(({ firstRow, lastRow, times }) => {
      const inside: readonly PlacedRow[] = rows.slice(firstRow, lastRow + 1);
      const reach = Math.max(right, ...inside.map(({ unit }) => sides.rightOf(unit)));
      return repeatShapes(inside, times, reach);
    }),
  ]);
}

type DrawUnits = (
  indices: readonly number[],
  options?: { readonly leastWidth?: number; readonly copies?: number },
) => Piece;

/** Every unit that is drawn; the blocks of the column are equally wide, and those of a frame do not say again how often they stand. */
function drawUnits(
  { rows, repeats, sides }: NetworkPlan,
  units: readonly Unit[],
  draw: DrawUnits,
): ReadonlyMap<number, Piece> {
  const isBlock = ({ units: own }: NetworkRow) => units[own[0] ?? 0]?.nodes[0]?.kind === "island";
  const widths = rows.filter(isBlock).map(({ units: own }) => 2 * draw(own).axis);
  const leastWidth = widths.reduce((a, b) => Math.max(a, b), 0);
  const framedRows = new Set(
    repeats.flatMap(({ firstRow, lastRow }) =>
      Array.from({ length: lastRow - firstRow + 1 }, (_, index) => firstRow + index),
    ),
  );
  const inColumn = rows.map((row, index) => {
    const options = {
      leastWidth: isBlock(row) ? leastWidth : 0,
      ...(framedRows.has(index) && { copies: 1 }),
    };
    return [row.units[0] ?? -1, draw(row.units, options)] as const;
  });
  const beside = sides.flatMap((side) => side.units.map((unit) => [unit, draw([unit])] as const));
  return new Map([...inColumn, ...beside]);
}

/** Between levels where nothing stands beside the line, where something does, and behind a frame. */
const gaps = { tight: 20, usual: 34, behindRepeat: 52 };

/** Where every unit stands; those beside the column do not have their lines yet. */
function spotsOf(
  plan: NetworkPlan,
  units: readonly Unit[],
  pieces: ReadonlyMap<number, Piece>,
): Map<number, Spot> {
  const levels = levelsOf(plan, units);
  const heights: number[] = [];
  for (const [unit, level] of levels)
    heights[level] = Math.max(heights[level] ?? 0, pieces.get(unit)?.height ?? 0);
  const room = gapsBehind(plan, units, levels);
  const tops: number[] = [];
  heights.reduce((y, height, level) => {
    tops[level] = y;
    return y + height + (room.get(level) ?? gaps.tight);
  }, 0);
  return new Map(
    [...levels].map(([unit, level]) => {
      const top = tops[level] ?? 0;
      const bottom = top + (pieces.get(unit)?.height ?? 0);
      return [unit, { x: 0, top, bottom, levelBottom: top + (heights[level] ?? 0) }];
    }),
  );
}

function gapsBehind(
  { rows, repeats, sides }: NetworkPlan,
  units: readonly Unit[],
  levels: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const widen = (unit: number | undefined, gap: number) => {
    const level = levels.get(unit ?? -1);
    if (level !== undefined) found.set(level, Math.max(found.get(level) ?? 0, gap));
  };
  rows.forEach((row, index) => {
    if (shapeBehind(row, units) !== shapeBehind(rows[index - 1], units))
      widen(row.units[0], gaps.usual);
  });
  for (const { from } of sides) widen(from, gaps.usual);
  for (const { firstRow, lastRow } of repeats) {
    widen(rows[firstRow - 1]?.units[0], gaps.usual);
    widen(rows[lastRow]?.units[0], gaps.behindRepeat);
  }
  return found;
}

/** Shapes around the line x = 0 as a piece. */
function framed(shapes: readonly Shape[]): Piece {
  let [left, top, right, bottom] = [0, 0, 0, 0];
  for (const shape of shapes) {
    const outline = outlineOf(shape);
    const lines = shape.kind === "edge" ? shape.points : [];
    const corners = outline
      ? [outline, { x: outline.x + outline.width, y: outline.y + outline.height }]
      : lines;
    for (const { x, y } of corners) {
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
  }
  const own = shapes.map((shape) => moved(shape, -left, -top));
  return { width: right - left, height: bottom - top, axis: -left, shapes: own };
}
