import { heading, horizontalAxis, leftOf, verticalAxis, type Plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { coordinate, element, label, roomFor } from "./element.ts";
import { linearScale, logScale, spanOf, type Scale, type Span } from "./scale.ts";
import { spreadLabels } from "./spread-labels.ts";

/** Where y is not finite the line has a gap; ∞ is said at the top. */
export type Point = readonly [x: number, y: number];

export interface Series {
  readonly name: string;
  /** By rising x. */
  readonly points: readonly Point[];
  /** Number of its colour. */
  readonly colour: number;
  /** `trace`: thin and without a name, behind the others. */
  readonly kind: "curve" | "trace";
}

export interface LineChart {
  readonly title: string;
  /** Unit or meaning of the vertical axis. */
  readonly unit: string;
  /** What runs along the horizontal axis. */
  readonly along: string;
  readonly series: readonly Series[];
  readonly isLog?: boolean;
  /** Whether the vertical axis begins at zero. */
  readonly fromZero?: boolean;
  readonly format?: (value: number) => string;
  readonly width?: number;
  readonly height?: number;
}

/** Lines over a common axis, each with its name and last number at its end. */
export function lineChart(options: LineChart): Chart {
  const { title, unit, along, series, width = 336, height = 240, format = String } = options;
  const ends = series.filter(({ kind, points }) => kind === "curve" && points.length > 0);
  const names = ends.map(({ name, points }) => `${name} ${lastText(points, format)}`);
  const room = Math.max(8, ...names.map((name) => roomFor(name) + 14));
  const [top, bottom] = [42, height - 38];
  const y = verticalScale(options, [bottom, top]);
  const heightOf = (value: number): number =>
    Number.isFinite(value) ? y.at(value) : value === Infinity ? top : bottom;
  const plot: Plot = { left: leftOf(y), right: width - room, top, bottom };
  const xs = series.flatMap(({ points }) => points.map(([x]) => x));
  const x = linearScale({
    domain: spanOf([0, ...xs]),
    range: [plot.left, plot.right],
    isRounded: false,
  });
  const drawn = series.toSorted((a, b) => order(a) - order(b)).map((one) => curve(one, x, y));
  const endless = ends.flatMap(({ points }) => endlessMarks(points, x, top));
  const wanted = ends.map(({ points }) => heightOf(points.at(-1)?.[1] ?? 0));
  const places = spreadLabels(wanted, 13, [plot.top, plot.bottom]);
  const labels = ends.map(({ colour, points }, index) => {
    const end = {
      class: `mark-s${colour}`,
      cx: x.at(points.at(-1)?.[0] ?? 0),
      cy: wanted[index],
      r: 3,
    };
    const at = { x: plot.right + 10, y: (places[index] ?? 0) + 3.5, style: "name" };
    const isPlace = Number.isFinite(points.at(-1)?.[1]);
    return (isPlace ? element("circle", end) : "") + label(names[index] ?? "", at);
  });
  const content = [
    heading(title, unit, width),
    verticalAxis(y, plot),
    horizontalAxis(x, plot, along),
    ...drawn,
    ...endless,
    ...labels,
  ].join("");
  return { title: `${title}, ${unit}`, width, height, content };
}

function lastText(points: readonly Point[], format: (value: number) => string): string {
  const value = points.at(-1)?.[1] ?? 0;
  if (Number.isFinite(value)) return format(value);
  return value === Infinity ? "∞" : "no number";
}

function order({ kind }: Series): number {
  return kind === "trace" ? 0 : 1;
}

function verticalScale({ series, isLog = false, fromZero = false }: LineChart, range: Span): Scale {
  const numbers = series.flatMap(({ points }) => points.map(([, y]) => y)).filter(Number.isFinite);
  const [low, high] = spanOf(numbers);
  // Ticks would be numbers that nobody measured.
  if (numbers.length === 0) return { ...linearScale({ domain: [0, 1], range }), ticks: [] };
  if (isLog && low > 1e-12) return logScale({ domain: [low, high], range });
  return linearScale({ domain: [fromZero ? Math.min(0, low) : low, high], range });
}

function curve({ points, colour, kind }: Series, x: Scale, y: Scale): string {
  const isPlace = (point: Point | undefined): boolean => Number.isFinite(point?.[1]);
  const path = points
    .map((point, index) => {
      if (!isPlace(point)) return "";
      const [px, py] = point;
      return `${isPlace(points[index - 1]) ? "L" : "M"}${coordinate(x.at(px))} ${coordinate(y.at(py))}`;
    })
    .join("");
  if (path === "") return "";
  const line = element("path", { class: `${kind} line-s${colour}`, d: path });
  if (kind === "trace") return line;
  const hasRoom = points.length <= 30;
  const marks = points.slice(0, -1).map((point, index) => {
    const isAlone = !isPlace(points[index - 1]) && !isPlace(points[index + 1]);
    if (!isPlace(point) || !(hasRoom || isAlone)) return "";
    const at = { cx: x.at(point[0]), cy: y.at(point[1]), r: 2 };
    return element("circle", { class: `mark-s${colour}`, ...at });
  });
  return line + marks.join("");
}

/** `∞` at the top, over the first point of each stretch of them. */
function endlessMarks(points: readonly Point[], x: Scale, top: number): readonly string[] {
  const firsts = points.filter(
    ([, y], index) => y === Infinity && points[index - 1]?.[1] !== Infinity,
  );
  return firsts.map(([px]) => label("∞", { x: x.at(px), y: top + 3.5, anchor: "middle" }));
}
