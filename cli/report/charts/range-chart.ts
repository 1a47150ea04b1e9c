import { heading, horizontalAxis, leftOf, verticalAxis, type Plot } from "./axes.ts";
import { seriesCount, type Chart } from "./chart.ts";
import { coordinate, element, label } from "./element.ts";
import { legend, type LegendEntry } from "./legend.ts";
import { linearScale, type Scale } from "./scale.ts";
import { spreadLabels } from "./spread-labels.ts";

/** Largest magnitude of each output channel in one branch's kernel. */
export interface BranchRange {
  readonly name: string;
  readonly ranges: ArrayLike<number>;
}

export interface RangeChart {
  readonly title: string;
  /** Largest magnitude of each output channel in the merged kernel. */
  readonly merged: ArrayLike<number>;
  readonly branches: readonly BranchRange[];
  readonly median: number;
  /** Beyond this a channel stands out. */
  readonly limit: number;
  readonly width?: number;
}

const plotHeight = 126;

/** More have a row of the page for themselves. */
const manyChannels = 64;

interface Bound {
  readonly name: string;
  readonly value: number;
}

/** A column for each output channel of the merge, widest first, with the branches as marks over it. */
export function rangeChart(options: RangeChart): Chart {
  const { title, merged, branches, median, limit } = options;
  const { width = merged.length > manyChannels ? 1072 : 416 } = options;
  const order = Array.from(merged, (range, channel) => ({ range, channel }))
    .toSorted((a, b) => b.range - a.range || a.channel - b.channel)
    .map(({ channel }) => channel);
  const names = legend(entriesOf(branches), width, 43);
  const top = names.bottom + 23;
  const bottom = top + plotHeight;
  const height = bottom + 38;
  const all = [merged, ...branches.map(({ ranges }) => ranges)].flatMap((one) => Array.from(one));
  const y = linearScale({ domain: [0, Math.max(...all, 1e-12)], range: [bottom, top] });
  const plot: Plot = { left: leftOf(y), right: width - 86, top, bottom };
  const x = channelScale(order.length, plot);
  const content = [
    heading(title, "largest weight of each output channel", width),
    names.content,
    verticalAxis(y, plot),
    columns(order, options, x, y, plot),
    ...branches.map((branch, index) => marks(branch, index, order, x, y)),
    bounds(y, plot, [
      { name: "median", value: median },
      { name: `${Math.round(limit / median)} × median`, value: limit },
    ]),
    horizontalAxis(x, plot, "output channels, widest first"),
  ].join("");
  return { title, width, height, content };
}

function channelScale(count: number, { left, right }: Plot): Scale {
  const wide = (right - left) / count;
  const { ticks } = linearScale({ domain: [1, count], range: [left, right], isRounded: false });
  const inner = ticks.filter(({ value }) => Number.isInteger(value) && value > 1 && value <= count);
  return {
    at: (place) => left + (place - 0.5) * wide,
    domain: [1, count],
    ticks: [{ value: 1, label: "1" }, ...inner],
  };
}

function columns(
  order: readonly number[],
  { merged, limit }: RangeChart,
  x: Scale,
  y: Scale,
  { left, right, bottom }: Plot,
): string {
  const wide = (right - left) / order.length;
  const half = Math.max(0.25, wide / 2 - (wide > 4 ? 0.75 : 0));
  const column = (channel: number, place: number): string => {
    const [from, to] = [x.at(place + 1) - half, x.at(place + 1) + half];
    const top = y.at(merged[channel] ?? 0);
    return `M${coordinate(from)} ${coordinate(bottom)}V${coordinate(top)}H${coordinate(to)}V${coordinate(bottom)}Z`;
  };
  const isWide = (channel: number): boolean => (merged[channel] ?? 0) > limit;
  const path = (style: string, wanted: boolean): string => {
    const d = order.map((channel, place) =>
      isWide(channel) === wanted ? column(channel, place) : "",
    );
    return d.every((part) => part === "") ? "" : element("path", { class: style, d: d.join("") });
  };
  return path("area", false) + path("alarm", true);
}

function marks(
  { ranges }: BranchRange,
  index: number,
  order: readonly number[],
  x: Scale,
  y: Scale,
): string {
  const size = order.length > 160 ? 1.6 : order.length > 64 ? 2.2 : 3;
  const d = order.map((channel, place) =>
    shapeAt(index, x.at(place + 1), y.at(ranges[channel] ?? 0), size),
  );
  return element("path", { class: `mark-s${index % seriesCount}`, d: d.join("") });
}

/** Circle, square, diamond and triangle in turn; where colours begin again, shapes are others. */
function shapeAt(index: number, x: number, y: number, size: number): string {
  const at = (dx: number, dy: number): string => `${coordinate(x + dx)} ${coordinate(y + dy)}`;
  const r = coordinate(size);
  switch ((index + Math.floor(index / seriesCount)) % 4) {
    case 0:
      return `M${at(-size, 0)}a${r} ${r} 0 1 0 ${coordinate(2 * size)} 0a${r} ${r} 0 1 0 ${coordinate(-2 * size)} 0Z`;
    case 1:
      return `M${at(-size, -size)}L${at(size, -size)}L${at(size, size)}L${at(-size, size)}Z`;
    case 2:
      return `M${at(0, -1.3 * size)}L${at(1.3 * size, 0)}L${at(0, 1.3 * size)}L${at(-1.3 * size, 0)}Z`;
    default:
      return `M${at(0, -1.3 * size)}L${at(1.2 * size, size)}L${at(-1.2 * size, size)}Z`;
  }
}

function entriesOf(branches: readonly BranchRange[]): readonly LegendEntry[] {
  const merged = (x: number, y: number): string =>
    element("rect", { class: "area", x: x - 4, y: y - 4, width: 8, height: 8 });
  const others = branches.map(({ name }, index) => ({
    name,
    mark: (x: number, y: number): string =>
      element("path", { class: `mark-s${index % seriesCount}`, d: shapeAt(index, x, y, 3.5) }),
  }));
  return [{ name: "merged", mark: merged }, ...others];
}

/** Lines across the columns, their names beside them. */
function bounds(y: Scale, { left, right, top, bottom }: Plot, lines: readonly Bound[]): string {
  const shown = lines.filter(({ value }) => value <= y.domain[1]);
  const wanted = shown.map(({ value }) => y.at(value));
  const places = spreadLabels(wanted, 13, [top, bottom]);
  const drawn = shown.map(({ name }, index) => {
    const at = wanted[index] ?? 0;
    const line = element("line", { class: "bound", x1: left, x2: right, y1: at, y2: at });
    return line + label(name, { x: right + 6, y: (places[index] ?? 0) + 3.5 });
  });
  return drawn.join("");
}
