import { horizontalAxis, heading, type Plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { element, fitted, label, roomFor } from "./element.ts";
import { legend } from "./legend.ts";
import { linearScale, type Scale } from "./scale.ts";

/** A row of dots. */
export interface DotRow {
  readonly name: string;
  /** By the number of their series. */
  readonly values: readonly (number | undefined)[];
}

export interface DotChart {
  readonly title: string;
  readonly along: string;
  /** Names of the series. */
  readonly series: readonly string[];
  readonly rows: readonly DotRow[];
  readonly width?: number;
}

const rowHeight = 20;

/** Rows in order, each with a dot for every series: where long names have to be read. */
export function dotChart({ title, along, series, rows, width = 680 }: DotChart): Chart {
  const room = Math.min(
    width / 2.5,
    Math.max(40, ...rows.map(({ name }) => roomFor(name, 12) + 10)),
  );
  const height = 44 + rowHeight * rows.length + 40;
  const plot: Plot = {
    left: room,
    right: width - 50,
    top: 44,
    bottom: 44 + rowHeight * rows.length,
  };
  const values = rows.flatMap(({ values: own }) => own.filter((value) => value !== undefined));
  const domain = [Math.min(0, ...values), Math.max(1, ...values)] as const;
  const x = linearScale({ domain, range: [plot.left, plot.right], count: 6 });
  const entries = series.map((name, index) => ({
    name,
    mark: (cx: number, cy: number): string =>
      element("circle", { class: `mark-s${index}`, cx, cy, r: 4.5 }),
  }));
  const names = legend(entries, width, 30);
  const content = [
    heading(title, "", width),
    names.content,
    ...x.ticks.map(({ value }) =>
      element("line", {
        class: "grid",
        x1: x.at(value),
        x2: x.at(value),
        y1: plot.top - 6,
        y2: plot.bottom,
      }),
    ),
    ...rows.map((row, index) => dots(row, plot.top + (index + 0.5) * rowHeight, x, plot)),
    horizontalAxis(x, plot, along),
  ].join("");
  return { title, width, height, content };
}

function dots({ name, values }: DotRow, y: number, x: Scale, { left, right }: Plot): string {
  const known = values.flatMap((value, index) => (value === undefined ? [] : [{ value, index }]));
  const xs = known.map(({ value }) => x.at(value));
  const line =
    xs.length < 2
      ? ""
      : element("line", { class: "axis", x1: Math.min(...xs), x2: Math.max(...xs), y1: y, y2: y });
  const marks = known.map(({ index }, place) =>
    element("circle", { class: `mark-s${index}`, cx: xs[place], cy: y, r: 4.5 }),
  );
  const worst = known.toSorted((a, b) => a.value - b.value)[0];
  const text = worst ? worst.value.toFixed(1).replace("-", "−") : "";
  const least = label(text, { x: right + 46, y: y + 3.5, anchor: "end", style: "name" });
  return (
    label(fitted(name, left - 10, 12), { x: left - 10, y: y + 3.5, anchor: "end", style: "name" }) +
    line +
    marks.join("") +
    least
  );
}
