import { label, roomFor } from "./element.ts";

/** A mark drawn around a point, and what it stands for. */
export interface LegendEntry {
  readonly name: string;
  readonly mark: (x: number, y: number) => string;
}

/** Pixels from one row to the next. */
const rowHeight = 14;

/** Entries from left to right, in as many rows as they need. @param top base line of the first row */
export function legend(
  entries: readonly LegendEntry[],
  width: number,
  top: number,
): { readonly content: string; readonly bottom: number } {
  let [at, y] = [0, top];
  const drawn = entries.map(({ name, mark }) => {
    const room = 22 + roomFor(name);
    if (at > 0 && at + room > width) [at, y] = [0, y + rowHeight];
    const x = at;
    at += room;
    return mark(x + 5, y - 4) + label(name, { x: x + 13, y, style: "name" });
  });
  return { content: drawn.join(""), bottom: y };
}
