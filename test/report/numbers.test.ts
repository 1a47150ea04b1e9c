import { describe, expect, it } from "vitest";
import { tickStep, linearScale, logScale } from "../../cli/report/charts/scale.ts";
import { channelRanges } from "../../cli/report/channel-ranges.ts";
import { decibels, medianOf, quantizerNumbers } from "../../cli/report/quantizer-numbers.ts";

const kernelOf = (values: readonly number[], out: number) => ({
  height: 1,
  width: 1,
  in: values.length / out,
  out,
  groups: 1,
  data: Float64Array.from(values),
});

describe("a quantizer's numbers", () => {
  it("are those worked out by hand", () => {
    // Step 0.5, levels -2 to 1: ratios -3, -2, -0.5 (to even: 0), 0.5 (0), 1.5 (clipped to 1), 1.
    const data = Float32Array.of(-1.5, -1, -0.25, 0.25, 0.75, 0.5);
    const steps = Float32Array.of(0.5);
    const found = quantizerNumbers(data, { low: -2, high: 1, steps, zeroPoint: 0 });
    expect(found.shares).toEqual([2 / 6, 0, 2 / 6, 2 / 6]);
    expect(found.clipped).toEqual({ low: 1 / 6, high: 1 / 6 });
    expect(found.lowest).toBe(-2);
    // Errors: 0.5, 0, 0.25, 0.25, 0.25, 0.
    const signal = 2.25 + 1 + 0.0625 + 0.0625 + 0.5625 + 0.25;
    const noise = 0.25 + 0.0625 + 0.0625 + 0.0625;
    expect(found.snr).toBeCloseTo(10 * Math.log10(signal / noise), 12);
    expect(found.clippingError).toBeCloseTo((0.25 + 0.0625) / noise, 12);
    expect(found.steps).toEqual({ least: 0.5, median: 0.5, most: 0.5 });
  });

  it("take a step for each entry of the last axis", () => {
    const data = Float32Array.of(1, 10, -2, 20);
    const found = quantizerNumbers(data, {
      low: -2,
      high: 1,
      steps: Float32Array.of(1, 10),
      zeroPoint: 0,
    });
    expect(found.shares).toEqual([0.25, 0, 0, 0.75]);
    expect(found.clipped).toEqual({ low: 0, high: 0.25 });
    expect(found.steps).toEqual({ least: 1, median: 5.5, most: 10 });
  });

  it("move the levels by a rounded zero point", () => {
    const data = Float32Array.of(-1, 0, 2, 3);
    const found = quantizerNumbers(data, {
      low: 0,
      high: 3,
      steps: Float32Array.of(1),
      zeroPoint: 1.4,
    });
    expect(found.lowest).toBe(-1);
    expect(found.shares).toEqual([0.25, 0.25, 0, 0.5]);
    expect(found.clipped).toEqual({ low: 0, high: 0.25 });
  });

  it("say where there is no error, and where there is nothing", () => {
    const grid = { low: -2, high: 1, steps: Float32Array.of(1), zeroPoint: 0 };
    expect(quantizerNumbers(Float32Array.of(1, -2), grid)).toMatchObject({
      snr: Infinity,
      clippingError: 0,
    });
    expect(quantizerNumbers(Float32Array.of(0, 0), grid).snr).toBeUndefined();
    expect(decibels(100, 1)).toBeCloseTo(20, 12);
  });

  it("have a median", () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBe(0);
  });
});

describe("the ranges of channels", () => {
  // Two inputs, four outputs: [input][output].
  const dense = kernelOf([1, 1, -1, 0, 0.5, 1, 1, 0], 4);
  const skip = kernelOf([0, 9, 0, 0, 0, 0, 1, 0], 4);
  const merged = {
    shape: [1, 1, 2, 4],
    data: Float32Array.from(dense.data, (value, index) => value + (skip.data[index] ?? 0)),
  };
  const found = channelRanges(merged, [{ name: "dense", kernel: dense }, { name: "skip", kernel: skip }]); // prettier-ignore

  it("are the largest magnitudes of each channel, branch by branch", () => {
    expect([...found.merged]).toEqual([1, 10, 2, 0]);
    expect([...(found.branches[1]?.ranges ?? [])]).toEqual([0, 9, 1, 0]);
    expect(found).toMatchObject({ median: 2, limit: 6, empty: 1 });
  });

  it("tell which channel stands out and whose work it is", () => {
    expect(found.wide).toEqual([{ channel: 1, range: 10, branch: { name: "skip", share: 0.9 } }]);
  });

  it("tell which branch stretches them", () => {
    // Without skip the channels are 1, 1, 1, 0 wide; without dense 0, 9, 1, 0.
    expect(found.stretched).toEqual({ branch: "skip", factor: 2 });
  });

  it("do without branches", () => {
    const alone = channelRanges(merged, []);
    expect(alone.wide).toEqual([{ channel: 1, range: 10 }]);
    expect(alone.stretched).toBeUndefined();
  });
});

describe("a scale", () => {
  it("has ticks of 1, 2 or 5 times a power of ten", () => {
    expect([0.013, 0.2, 3, 5, 70].map(tickStep)).toEqual([0.02, 0.2, 5, 5, 100]);
    const scale = linearScale({ domain: [0.1, 0.93], range: [100, 0] });
    expect(scale.ticks.map(({ label }) => label)).toEqual([
      "0.0",
      "0.2",
      "0.4",
      "0.6",
      "0.8",
      "1.0",
    ]);
    expect([scale.at(0), scale.at(0.5), scale.at(1)]).toEqual([100, 50, 0]);
  });

  it("keeps its ends where it is told to", () => {
    const scale = linearScale({ domain: [0, 7], range: [0, 70], isRounded: false });
    expect(scale.domain).toEqual([0, 7]);
    expect(scale.ticks.map(({ value }) => value)).toEqual([0, 2, 4, 6]);
  });

  it("takes a single number, and powers of ten", () => {
    expect(linearScale({ domain: [3, 3], range: [0, 10] }).at(3)).toBeCloseTo(5, 9);
    const log = logScale({ domain: [0.5, 90], range: [0, 30] });
    expect([log.at(0.1), log.at(1), log.at(100)].map((at) => Math.round(at))).toEqual([0, 10, 30]);
  });
});
