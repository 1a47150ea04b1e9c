import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dotChart } from "../../cli/report/charts/dot-chart.ts";
import { coordinate, element, escaped, fitted } from "../../cli/report/charts/element.ts";
import { histogramChart, shareText } from "../../cli/report/charts/histogram-chart.ts";
import { lineChart } from "../../cli/report/charts/line-chart.ts";
import { rangeChart } from "../../cli/report/charts/range-chart.ts";
import { spreadLabels } from "../../cli/report/charts/spread-labels.ts";
import { elementsOf } from "../draw/xml.ts";
import {
  hasOnlyFiniteNumbers,
  number,
  ofClass,
  parsed,
  textsOf,
  textsOutside,
} from "./chart-laws.ts";

const finite = { noNaN: true, noDefaultInfinity: true } as const;

describe("an element", () => {
  it("is XML whatever its texts are", () => {
    expect(element("a", { b: '<"&', c: undefined, d: 1 / 3 }, escaped("x < y & \u0000z"))).toBe(
      '<a b="&lt;&quot;&amp;" d="0.33">x &lt; y &amp; z</a>',
    );
  });

  it("refuses a place that is none", () => {
    expect(() => coordinate(Number.NaN)).toThrow(/repqc bug/);
  });

  it("keeps the end of a path that is too long", () => {
    expect(fitted("a.very.long.path.kernel", 66)).toBe("….kernel".slice(0, 1) + "th.kernel");
    expect(fitted("short", 66)).toBe("short");
  });
});

describe("labels", () => {
  it("stay where they are as long as they can", () => {
    expect(spreadLabels([10, 50, 90], 12, [0, 100])).toEqual([10, 50, 90]);
    expect(spreadLabels([50, 50, 50], 12, [0, 100])).toEqual([50, 62, 74]);
    expect(spreadLabels([99, 98], 12, [0, 100])).toEqual([100, 88]);
  });

  it("never lie on each other nor beyond the bounds", () => {
    const places = fc.array(fc.double({ min: 0, max: 100, ...finite }), { maxLength: 12 });
    fc.assert(
      fc.property(places, (wanted) => {
        const placed = [...spreadLabels(wanted, 8, [0, 100])].toSorted((a, b) => a - b);
        expect(placed.every((at) => at >= -1e-9 && at <= 100 + 1e-9)).toBe(true);
        expect(placed.slice(1).every((at, index) => at - (placed[index] ?? 0) >= 8 - 1e-6)).toBe(
          true,
        );
      }),
    );
  });
});

describe("a line chart", () => {
  const chart = lineChart({
    title: "Loss",
    unit: "of <each> step",
    along: "epochs",
    series: [
      { name: "", kind: "trace", colour: 0, points: [[0, 4], [1, 3], [2, 1]] },
      { name: "mean", kind: "curve", colour: 0, points: [[1, 3], [2, 2]] },
    ],
    fromZero: true,
    format: (value) => value.toFixed(1),
  }); // prettier-ignore

  it("has its names, its axis from zero, and the last number at the line's end", () => {
    expect(textsOf(chart)).toEqual(
      expect.arrayContaining(["Loss", "of <each> step", "epochs", "mean 2.0", "0", "4"]),
    );
    expect(textsOutside(chart)).toEqual([]);
  });

  it("places numbers by the scale", () => {
    const ticks = elementsOf(parsed(chart), "text").filter(
      ({ attributes, children }) =>
        attributes.get("text-anchor") === "end" && ["0", "4"].includes(String(children[0])),
    );
    const [zero = 0, four = 0] = ticks.map((tick) => number(tick, "y") - 3.5);
    const [end] = ofClass(chart, "circle", "mark-s0").slice(-1);
    expect(end && number(end, "cy")).toBeCloseTo(zero + (four - zero) / 2, 1);
  });

  it("takes powers of ten where it is told to, and one number alone", () => {
    const points = [[1, 100], [2, 0.5]] as const; // prettier-ignore
    const series = [{ name: "x", kind: "curve", colour: 1, points }] as const;
    const log = lineChart({ title: "t", unit: "u", along: "steps", series, isLog: true });
    expect(textsOf(log)).toEqual(expect.arrayContaining(["0.1", "1", "10", "100"]));
    const one = { title: "t", unit: "u", along: "steps" };
    const lone = lineChart({ ...one, series: [{ ...series[0], points: [[3, 7]] }] });
    expect(textsOf(lone)).toContain("x 7");
    expect(hasOnlyFiniteNumbers(lone)).toBe(true);
  });

  it("is sound for any numbers", () => {
    const value = fc.double({ min: -1e9, max: 1e9, ...finite });
    const points = fc.array(value, { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(points, fc.boolean(), (ys, isLog) => {
        const drawn = lineChart({
          title: "t",
          unit: "u",
          along: "steps",
          isLog,
          series: [{ name: "a", kind: "curve", colour: 2, points: ys.map((y, x) => [x, y]) }],
          format: (y) => y.toPrecision(3),
        });
        expect(hasOnlyFiniteNumbers(drawn)).toBe(true);
        expect(textsOutside(drawn)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a histogram", () => {
  const chart = histogramChart({
    title: "s1.kernel (weights)",
    subtitle: "2 bits",
    low: -2,
    shares: [0.25, 0.125, 0.5, 0.125],
    clipped: { low: 0.1, high: 0 },
  });

  it("has a column for each level, as high as its share, and the clipped in their own colour", () => {
    const [columns] = ofClass(chart, "path", "area");
    const heights = tops(columns?.attributes.get("d") ?? "");
    expect(heights).toHaveLength(4);
    const [first = 0, second = 0, third = 0] = heights;
    expect(first).toBeCloseTo(third / 2, 1);
    expect(second).toBeCloseTo(third / 4, 1);
    const [clipped] = ofClass(chart, "path", "alarm");
    expect(tops(clipped?.attributes.get("d") ?? "")[0]).toBeCloseTo(third / 5, 1);
    expect(textsOf(chart)).toEqual(expect.arrayContaining(["10 % clipped", "−2", "1", "0"]));
    expect(textsOutside(chart)).toEqual([]);
  });

  it("shows the levels of 8 bits without its numbers lying on each other", () => {
    const shares = Array.from({ length: 256 }, () => 1 / 256);
    const wide = histogramChart({
      title: "t",
      subtitle: "",
      low: -128,
      shares,
      clipped: { low: 0, high: 0 },
    });
    expect(textsOf(wide)).toEqual(expect.arrayContaining(["−128", "0", "127"]));
    expect(textsOf(wide)).not.toContain("100");
    expect(ofClass(wide, "path", "alarm")).toEqual([]);
  });

  it("cuts a column beside which the others would not be seen, and says so", () => {
    const options = { title: "t", subtitle: "", low: 0, clipped: { low: 0, high: 0 } };
    const cut = histogramChart({ ...options, shares: [0.94, 0.02, 0.03, 0.01] });
    expect(textsOf(cut)).toContain("94 %, cut");
    const [zero = 0, one = 0, two = 0] = tops(
      ofClass(cut, "path", "area")[0]?.attributes.get("d") ?? "",
    );
    // Up to the axis's end, the tick behind three times the second.
    expect(zero).toBeCloseTo((10 / 3) * two, 0);
    expect(one).toBeCloseTo((2 / 3) * two, 0);
    const whole = [
      [1, 0],
      [0.4, 0.12, 0.12, 0.12, 0.12, 0.12],
      [0.999997, 0.000003],
    ];
    for (const shares of whole)
      expect(textsOf(histogramChart({ ...options, shares })).join()).not.toContain("cut");
    expect(textsOutside(cut)).toEqual([]);
  });

  it("writes shares for people", () => {
    expect([0, 1e-6, 0.0031, 0.1239, 1].map(shareText)).toEqual(
      ["0 %", "< 0.01 %", "0.31 %", "12.4 %", "100 %"]); // prettier-ignore
  });
});

/** Heights of a path's columns, each `M x bottom V top ...`. */
function tops(path: string): readonly number[] {
  return [...path.matchAll(/M\S+ ([\d.]+)V([\d.]+)/g)].map(
    ([, bottom, top]) => Number(bottom) - Number(top),
  );
}

describe("a chart of ranges", () => {
  const merged = [1, 8, 2, 1.5];
  const branches = [
    { name: "dense", ranges: [1, 1, 2, 1.5] },
    { name: "a_branch_with_a_long_name", ranges: [0.5, 7, 0, 0] },
  ];
  const chart = rangeChart({ title: "s1 (ranges)", merged, branches, median: 1.75, limit: 5.25 });

  it("has the widest channel first, marked where it is beyond the limit", () => {
    const [normal] = ofClass(chart, "path", "area");
    expect(tops(normal?.attributes.get("d") ?? "")).toHaveLength(3);
    const [alarm] = ofClass(chart, "path", "alarm");
    const columns = (alarm?.attributes.get("d") ?? "").split("M").slice(1);
    expect(columns).toHaveLength(1);
    expect(Number.parseFloat(columns[0] ?? "")).toBeLessThan(60);
  });

  it("names branches, the median and the limit inside its frame", () => {
    expect(textsOf(chart)).toEqual(
      expect.arrayContaining([
        "merged",
        "dense",
        "a_branch_with_a_long_name",
        "median",
        "3 × median",
      ]),
    );
    expect(textsOutside(chart)).toEqual([]);
  });

  it("has room for many branches with long names", () => {
    const many = Array.from({ length: 10 }, (_, n) => ({
      name: `rather_long_name_${n}`,
      ranges: merged,
    }));
    const crowded = rangeChart({ title: "t", merged, branches: many, median: 1.75, limit: 5.25 });
    expect(textsOutside(crowded)).toEqual([]);
    const rows = new Set(elementsOf(parsed(crowded), "text")
      .filter(({ children }) => String(children[0]).startsWith("rather"))
      .map((text) => number(text, "y"))); // prettier-ignore
    const [firstGrid = 0] = ofClass(crowded, "line", "grid")
      .map((line) => number(line, "y1"))
      .toSorted((a, b) => a - b);
    expect(Math.max(...rows)).toBeLessThan(firstGrid);
  });

  it("is sound for hundreds of channels and for one", () => {
    for (const count of [1, 700]) {
      const ranges = Float64Array.from({ length: count }, (_, n) => n + 1);
      const drawn = rangeChart({
        title: "t",
        merged: ranges,
        branches: [{ name: "b", ranges }],
        median: 1,
        limit: 3,
      });
      expect(hasOnlyFiniteNumbers(drawn)).toBe(true);
      expect(textsOutside(drawn)).toEqual([]);
    }
  });
});

describe("a chart of dots", () => {
  const chart = dotChart({
    title: "t",
    along: "dB",
    series: ["weights", "activations"],
    rows: [
      { name: "s1", values: [10, 30] },
      { name: "a.path.that.is.much.longer.than.there.is.room.for.in.this.chart", values: [-5, undefined] },
    ],
    width: 400,
  }); // prettier-ignore

  it("has a dot for each number and the worse one in words", () => {
    expect(ofClass(chart, "circle", "mark-s0")).toHaveLength(3);
    expect(ofClass(chart, "circle", "mark-s1")).toHaveLength(2);
    expect(textsOf(chart)).toEqual(expect.arrayContaining(["s1", "10.0", "−5.0", "weights"]));
    expect(textsOutside(chart)).toEqual([]);
  });
});
