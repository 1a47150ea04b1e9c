import { element, fitted, label, roomFor } from "./element.ts";
import type { Scale } from "./scale.ts";

/** Where a chart draws its numbers, in pixels. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Where a plot begins so that the numbers of its vertical axis have room. */
export function leftOf({ ticks }: Scale): number {
  return Math.max(48, ...ticks.map(({ label: text }) => roomFor(text) + 8));
}

/** Grid lines and numbers of the vertical axis. */
export function verticalAxis({ at, ticks }: Scale, { left, right }: Plot): string {
  return ticks
    .map(({ value, label: text }) => {
      const y = at(value);
      const line = element("line", { class: "grid", x1: left, x2: right, y1: y, y2: y });
      return line + label(text, { x: left - 6, y: y + 3.5, anchor: "end" });
    })
    .join("");
}

/** Base line, ticks, numbers, and what they are. */
export function horizontalAxis(
  { at, ticks }: Scale,
  { left, right, bottom }: Plot,
  name: string,
): string {
  const base = element("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom });
  const marks = ticks.map(({ value, label: text }) => {
    const x = at(value);
    const tick = element("line", { class: "axis", x1: x, x2: x, y1: bottom, y2: bottom + 4 });
    return tick + label(text, { x, y: bottom + 15, anchor: "middle" });
  });
  const middle = (left + right) / 2;
  return base + marks.join("") + label(name, { x: middle, y: bottom + 30, anchor: "middle" });
}

/** What a chart shows, and of which unit its vertical axis is. */
export function heading(title: string, unit: string, width: number): string {
  const first = label(fitted(title, width), { x: 0, y: 12, style: "heading" });
  return unit === "" ? first : first + label(fitted(unit, width), { x: 0, y: 27 });
}
