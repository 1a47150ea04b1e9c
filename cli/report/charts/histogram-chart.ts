import { heading, horizontalAxis, verticalAxis, type Plot } from "./axes.ts";
import type { Chart } from "./chart.ts";
import { coordinate, element, label } from "./element.ts";
import { linearScale, type Scale } from "./scale.ts";

export interface HistogramChart {
  readonly title: string;
  readonly subtitle: string;
  /** Level of the first bar: they are one level apart. */
  readonly low: number;
  /** Shares of all numbers, of 1, that are rounded to each level. */
  readonly shares: readonly number[];
  /** Of these, shares that lay beyond the first and the last level. */
  readonly clipped: { readonly low: number; readonly high: number };
  readonly width?: number;
  readonly height?: number;
}

/** How many of the numbers lie on each level; those that had to be clipped stand out at the ends. */
export function histogramChart(options: HistogramChart): Chart {
  const { title, subtitle, low, shares, clipped, width = 304, height = 230 } = options;
  const plot: Plot = { left: 48, right: width - 12, top: 50, bottom: height - 38 };
  const high = low + shares.length - 1;
  const x = levelScale(low, high, plot);
  const y = linearScale({
    domain: [0, 100 * highestShown(shares)],
    range: [plot.bottom, plot.top],
    count: 4,
    format: percentTick,
  });
  // Axes end on ticks.
  const highest = y.domain[1] / 100;
  const wide = (plot.right - plot.left) / shares.length;
  const gap = wide > 4 ? 1.5 : 0;
  const column = (level: number, from: number, to: number): string => {
    const [left, right] = [x.at(level) - wide / 2 + gap / 2, x.at(level) + wide / 2 - gap / 2];
    const [top, bottom] = [to, from].map((share) =>
      coordinate(y.at(100 * Math.min(share, highest))),
    );
    return `M${coordinate(left)} ${bottom}V${top}H${coordinate(right)}V${bottom}Z`;
  };
  const columns = shares.map((share, index) => (share > 0 ? column(low + index, 0, share) : ""));
  const alarms = [
    clipped.low > 0 ? column(low, 0, clipped.low) : "",
    clipped.high > 0 ? column(high, 0, clipped.high) : "",
  ].join("");
  const content = [
    heading(title, subtitle, width),
    verticalAxis(y, plot),
    element("path", { class: "area", d: columns.join("") }),
    alarms === "" ? "" : element("path", { class: "alarm", d: alarms }),
    horizontalAxis(x, plot, "level = number / step"),
    clippedNotes(options, plot),
    ...shares.map((share, index) =>
      share > highest ? cutNote(share, x.at(low + index), plot) : "",
    ),
  ].join("");
  return { title: `${title}: ${subtitle}`, width, height, content };
}

/** Beside one column that is far higher, as that of 0 behind ReLU, the others would not be seen: it is cut. */
function highestShown(shares: readonly number[]): number {
  const [largest = 0, second = 0] = shares.toSorted((a, b) => b - a);
  const isCut = second >= 1e-3 && largest > 8 * second;
  return Math.max(isCut ? 3 * second : largest, 1e-4);
}

function cutNote(share: number, x: number, { left, right, top }: Plot): string {
  const isLeft = x < (left + right) / 2;
  const place = {
    x: x + (isLeft ? 6 : -6),
    y: top + 10,
    anchor: isLeft ? "start" : "end",
  } as const;
  return label(`${shareText(share)}, cut`, place);
}

/** Ticks at whole levels, the first and last among them. */
function levelScale(low: number, high: number, { left, right }: Plot): Scale {
  const between = linearScale({ domain: [low, high], range: [left, right], isRounded: false });
  const inner = between.ticks.filter(({ value }) => {
    // As wide as three characters and a sign.
    const margin = ((high - low) * 32) / (right - left);
    return Number.isInteger(value) && value - low > margin && high - value > margin;
  });
  const ends = [low, high].map((value) => ({ value, label: `${value}`.replace("-", "−") }));
  const wide = (right - left) / (high - low + 1);
  const at = (value: number): number => left + (value - low + 0.5) * wide;
  return { at, domain: [low, high], ticks: [...ends, ...inner] };
}

function percentTick(value: number): string {
  return `${Number(value.toPrecision(3))} %`;
}

function clippedNotes({ clipped, shares }: HistogramChart, { left, right, top }: Plot): string {
  const note = (share: number, x: number, anchor: "start" | "end"): string =>
    share === 0
      ? ""
      : label(`${shareText(share)} clipped`, { x, y: top - 8, anchor, style: "alarming" });
  const [first = 0, last = 0] = [shares[0], shares.at(-1)];
  if (first + last === 0) return "";
  return note(clipped.low, left, "start") + note(clipped.high, right, "end");
}

/** A share of 1 in per cent: `12 %`, `0.31 %`, `< 0.01 %`. */
export function shareText(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  return `${Number(percent.toFixed(percent >= 10 ? 1 : 2))} %`;
}
