import type { SeenQuantizer } from "./capture-quantizers.ts";
import type { Chart } from "./charts/chart.ts";
import { dotChart } from "./charts/dot-chart.ts";
import { histogramChart } from "./charts/histogram-chart.ts";
import { rangeChart } from "./charts/range-chart.ts";
import type { Layer } from "./layers.ts";
import type { QuantizerNumbers } from "./quantizer-numbers.ts";

/** What to call a layer: a block that stands alone has no path. */
export function layerName({ path, block }: Pick<Layer, "path" | "block">): string {
  return path === "" ? (block ?? "the block") : path;
}

/** The charts of a layer, by names for their files. */
export function layerCharts(layer: Layer): ReadonlyMap<string, Chart> {
  const charts = new Map<string, Chart>();
  for (const one of layer.quantizers) {
    if (one.numbers) charts.set(`${one.path}.levels`, levelsChart(one, one.numbers));
  }
  const { ranges, path } = layer;
  if (ranges && ranges.median > 0) {
    const title = `${layerName(layer)} (ranges)`;
    charts.set(path === "" ? "ranges" : `${path}.ranges`, rangeChart({ title, ...ranges }));
  }
  return charts;
}

function levelsChart({ path, of, bits }: SeenQuantizer, numbers: QuantizerNumbers): Chart {
  const what = of === "kernel" ? "weights" : "activations";
  const error = snrText(numbers.snr);
  return histogramChart({
    title: `${path} (${what})`,
    subtitle: `${bits} bits, ${stepText(numbers)}, ${error}`,
    low: numbers.lowest,
    shares: numbers.shares,
    clipped: numbers.clipped,
  });
}

/** `21.3 dB`. */
export function snrText(snr: number | undefined): string {
  if (snr === undefined) return "all zero";
  return snr === Infinity ? "no error" : `${snr.toFixed(1)} dB`.replace("-", "−");
}

/** `step 0.0123`, or the smallest and largest of many. */
export function stepText({ steps: { least, most } }: QuantizerNumbers): string {
  if (least === most) return `step ${shortNumber(least)}`;
  return `steps ${shortNumber(least)} to ${shortNumber(most)}`;
}

export function shortNumber(value: number): string {
  return value.toPrecision(3).replace("e-", "e−").replace("e+", "e");
}

/** Signal-to-noise ratio of every layer's weights and activations; nothing where no quantizer has numbers. */
export function errorChart(layers: readonly Layer[]): Chart | undefined {
  const rows = layers.flatMap((layer) => {
    const values = [worst(layer, "kernel"), worst(layer, "activation")];
    return values.some((value) => value !== undefined) ? [{ name: layerName(layer), values }] : [];
  });
  if (rows.length === 0) return undefined;
  return dotChart({
    title: "Signal over quantization error of every layer",
    along: "dB: more is better; at the right the worse of the two",
    series: ["weights", "activations"],
    rows,
  });
}

/** Of the finite ones. */
export function worst({ quantizers }: Layer, of: "kernel" | "activation"): number | undefined {
  const found = quantizers.flatMap((one) => {
    const snr = one.of === of ? one.numbers?.snr : undefined;
    return snr === undefined || snr === Infinity ? [] : [snr];
  });
  return found.length === 0 ? undefined : Math.min(...found);
}
