import type { MetricsLine } from "../train/metrics-log.ts";
import type { Chart } from "./charts/chart.ts";
import { lineChart, type Point, type Series } from "./charts/line-chart.ts";
import { isEmpty, type Metrics } from "./read-metrics.ts";

/** Loss, metrics and learning rate over the training, by names for their files. */
export function learningCurves(metrics: Metrics): ReadonlyMap<string, Chart> {
  const axis = axisOf(metrics);
  const charts = new Map<string, Chart>();
  if (isEmpty(metrics)) return charts;
  charts.set("loss", lossChart(metrics, axis));
  for (const name of metricNames(metrics)) charts.set(name, metricChart(name, metrics, axis));
  const rates = pointsOf(metrics.steps, axis, ({ rate }) => rate);
  if (rates.length > 0) {
    const series = [{ name: "rate", points: rates, colour: 4, kind: "curve" }] as const;
    const options = { title: "Learning rate", unit: "of the step", along: axis.name };
    charts.set(
      "learning-rate",
      lineChart({ ...options, series, format: shortRate, fromZero: true }),
    );
  }
  return charts;
}

interface Axis {
  readonly name: string;
  readonly at: (line: MetricsLine) => number;
}

/** Epochs where there are several, otherwise steps. */
function axisOf({ epochs }: Metrics): Axis {
  const [first] = epochs;
  const stepsPerEpoch = first ? first.step / first.epoch : 1;
  if (epochs.length < 3) return { name: "steps", at: ({ step }) => step };
  return { name: "epochs", at: ({ step }) => step / stepsPerEpoch };
}

/** The loss falls by powers of ten: then its axis does too. */
const manyfold = 20;

function lossChart({ steps, epochs }: Metrics, axis: Axis): Chart {
  const trace = pointsOf(steps, axis, ({ loss }) => loss);
  const mean = pointsOf(epochs, axis, ({ loss }) => loss);
  const series: Series[] = [{ name: "", points: trace, colour: 0, kind: "trace" }];
  if (mean.length > 0) series.push({ name: "mean", points: mean, colour: 0, kind: "curve" });
  const losses = [...trace, ...mean].map(([, loss]) => loss);
  const isLog = Math.min(...losses) > 0 && Math.max(...losses) > manyfold * Math.min(...losses);
  return lineChart({
    title: "Training loss",
    unit: isLog
      ? "single steps and mean of each epoch, logarithmic"
      : "single steps and mean of each epoch",
    along: axis.name,
    series,
    isLog,
    format: (value) => value.toPrecision(3),
  });
}

function metricNames({ epochs }: Metrics): readonly string[] {
  const isTrained = epochs.some(({ accuracy }) => accuracy !== undefined);
  const tested = epochs.flatMap(({ test = {} }) => Object.keys(test));
  return [...new Set([...(isTrained ? ["accuracy"] : []), ...tested])];
}

function metricChart(name: string, { epochs }: Metrics, axis: Axis): Chart {
  const factor = name === "accuracy" ? 100 : 1;
  const scaled = (value: number | undefined) => (value === undefined ? undefined : factor * value);
  const test = pointsOf(epochs, axis, ({ test: found }) => scaled(found?.[name]));
  const training =
    name === "accuracy" ? pointsOf(epochs, axis, ({ accuracy }) => scaled(accuracy)) : [];
  const series: readonly Series[] = [
    { name: "test", points: test, colour: 1, kind: "curve" },
    { name: "training", points: training, colour: 0, kind: "curve" },
  ];
  const isAccuracy = name === "accuracy";
  return lineChart({
    title: isAccuracy ? "Accuracy" : name.toUpperCase(),
    unit: isAccuracy ? "% of images" : name === "psnr" ? "dB, mean over test images" : name,
    along: axis.name,
    series: series.filter(({ points }) => points.length > 0),
    format: (value) => value.toFixed(isAccuracy ? 1 : 2),
  });
}

/** `0.012`, `4.4e−7`. */
function shortRate(value: number): string {
  const isSmall = value > 0 && value < 1e-3;
  return isSmall ? value.toExponential(1).replace("-", "−") : String(Number(value.toPrecision(2)));
}

function pointsOf(
  lines: readonly MetricsLine[],
  { at }: Axis,
  value: (line: MetricsLine) => number | undefined,
): readonly Point[] {
  return lines.flatMap((line) => {
    const found = value(line);
    return found === undefined ? [] : [[at(line), found] as const];
  });
}
