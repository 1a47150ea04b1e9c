import type { KernelType } from "../../compiler/ir/index.ts";
import type { RunAnalysis } from "./analyse-run.ts";
import { inlineSvg, type Chart } from "./charts/chart.ts";
import { element, escaped } from "./charts/element.ts";
import { errorChart, layerCharts, layerName } from "./layer-charts.ts";
import type { Layer } from "./layers.ts";
import { learningCurves } from "./learning-curves.ts";
import { pageHeader } from "./page-header.ts";
import { layerId, layerTable, remarkText } from "./page-table.ts";
import { pageStyle } from "./page-style.ts";
import { isEmpty } from "./read-metrics.ts";
import { remarksOn } from "./remarks.ts";
import { wideFactor } from "./channel-ranges.ts";

/** The report as one HTML page that needs nothing else. The same analysis gives the same bytes. */
export function reportPage(analysis: RunAnalysis): string {
  const { entry, policy } = analysis.program;
  const title = [entry, policy].filter((part) => part !== undefined).join(", ");
  const head = [
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    element("title", {}, escaped(`${title}: repqc report`)),
    element("style", {}, pageStyle),
  ];
  const body = [
    pageHeader(analysis),
    learning(analysis),
    errors(analysis),
    layers(analysis.layers, analysis),
  ];
  const page = element(
    "html",
    { lang: "en" },
    element("head", {}, ...head),
    element("body", {}, element("main", {}, ...body)),
  );
  return `<!doctype html>\n${page}\n`;
}

/** All charts, by names for files of their own. */
export function allCharts(analysis: RunAnalysis): ReadonlyMap<string, Chart> {
  const error = errorChart(analysis.layers);
  return new Map([
    ...learningCurves(analysis.metrics),
    ...(error ? [["error-by-layer", error] as const] : []),
    ...analysis.layers.flatMap((layer) => [...layerCharts(layer)]),
  ]);
}

function learning({ metrics }: RunAnalysis): string {
  const charts = [...learningCurves(metrics).values()];
  const cut = metrics.isCutOff
    ? paragraph(
        "The last line of the metrics is cut off, as a killed training leaves it; it does not count.",
      )
    : "";
  const none = isEmpty(metrics)
    ? paragraph("There are no curves: the run has no metrics, or none yet.")
    : "";
  return heading("Learning curves") + none + row(charts) + cut;
}

function errors({ layers: all, sample }: RunAnalysis): string {
  const chart = errorChart(all);
  const unseen =
    sample === undefined
      ? "Activations were not looked at: neither the run's sample nor its data is there."
      : `Activations are those of ${sample}.`;
  const meaning =
    "Error is what rounding and clipping take: the sum of all squares over the sum of the squared differences, in decibels (more is better). " +
    "Six decibels are one bit; the best equal steps give normally distributed numbers 19 dB with 4 bits and 41 dB with 8. ";
  const text = chart
    ? paragraph(meaning + unseen)
    : paragraph(
        "This run has no quantizers: what follows are the ranges that a quantizer would meet.",
      );
  return heading("Where it hurts") + text + (chart ? row([chart]) : "") + layerTable(all);
}

function layers(all: readonly Layer[], { model }: RunAnalysis): string {
  const marked = `Channels beyond ${wideFactor} times the median are marked.`;
  const branches = model
    ? model.on === "after_merge"
      ? "This policy trains what was left of the merge, so there are no branches to compare."
      : "Grey is the merged kernel; marks are what each branch adds to it, running statistics folded in."
    : "The specs are not there, or no longer those that the run was begun with, so the merge cannot be taken apart.";
  return (
    heading("Layer by layer") + paragraph(`${branches} ${marked}`) + all.map(layerSection).join("")
  );
}

function layerSection(layer: Layer): string {
  const { block, kernel } = layer;
  const facts = kernel ? kernelText(kernel) : "quantizer";
  const label = block === undefined || layer.path === "" ? facts : `${block}, ${facts}`;
  const title = element(
    "h3",
    {},
    element("code", {}, escaped(layerName(layer))),
    " ",
    element("span", { class: "note" }, escaped(label)),
  );
  const remarks = remarksOn(layer).map((remark) => element("li", {}, remarkText(remark)));
  const list = remarks.length === 0 ? "" : element("ul", {}, ...remarks);
  const charts = row([...layerCharts(layer).values()]);
  return element("section", { class: "layer", id: layerId(layer) }, title, list, charts);
}

function kernelText({ height, width, in: inputs, out, groups }: KernelType): string {
  const parts = groups === 1 ? "" : ` in ${groups} groups`;
  return `${height}×${width} convolution, ${inputs * groups} → ${out} channels${parts}`;
}

function row(charts: readonly Chart[]): string {
  if (charts.length === 0) return "";
  return element("div", { class: "charts" }, ...charts.map(inlineSvg));
}

function heading(text: string): string {
  return element("h2", {}, escaped(text));
}

function paragraph(text: string): string {
  return element("p", { class: "note" }, escaped(text));
}
