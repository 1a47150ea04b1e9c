import { labelReach, type PlacedRow } from "./network-rows.ts";
import { text, type Shape } from "./shapes.ts";

const room = 13;

/** The dashed frame around rows that repeat; how often stands to its left, where nothing goes past. */
export function repeatShapes(
  rows: readonly PlacedRow[],
  times: number,
  right: number,
): readonly Shape[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return [];
  const reaches = rows.slice(0, -1).map(labelReach);
  const left = -Math.max(...rows.map(({ piece }) => piece.axis), ...reaches) - room;
  const frame: Shape = {
    kind: "frame",
    isDashed: true,
    x: left,
    y: first.top - room,
    width: right - left + room,
    height: last.bottom - first.top + 2 * room,
  };
  const middle = { x: left - 8, y: (first.top + last.bottom) / 2 };
  return [frame, text(`× ${times}`, "heading", middle, "end")];
}
