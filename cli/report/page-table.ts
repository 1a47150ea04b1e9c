import type { SeenQuantizer } from "./capture-quantizers.ts";
import { shareText } from "./charts/histogram-chart.ts";
import { element, escaped } from "./charts/element.ts";
import { layerName, snrText, stepText } from "./layer-charts.ts";
import { worstSnr, type Layer } from "./layers.ts";
import { remarksOn } from "./remarks.ts";

/** Layers by their error, the worst first, in numbers and plain words. */
export function layerTable(layers: readonly Layer[]): string {
  const head = [
    "Layer",
    "Quantizer",
    "Bits",
    "Step",
    "Signal/error, dB",
    "Clipped",
    "Widest channel",
    "Remarks",
  ];
  const cells = head.map((name) => element("th", numeric(name), escaped(name)));
  const rows = layers.toSorted((a, b) => worstSnr(a) - worstSnr(b)).map(layerRows);
  const table = element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...cells)),
    element("tbody", {}, ...rows),
  );
  return element("div", { class: "scroll" }, table);
}

function numeric(name: string) {
  return ["Bits", "Step", "Signal/error, dB", "Clipped", "Widest channel"].includes(name)
    ? { class: "number" }
    : {};
}

/** A layer's quantizers, one under another. */
function layerRows(layer: Layer): string {
  const { quantizers, ranges } = layer;
  const link = element(
    "a",
    { href: `#${layerId(layer)}` },
    element("code", {}, escaped(layerName(layer))),
  );
  const remarks = remarksOn(layer).map((one) => element("li", {}, remarkText(one)));
  const [widest] = ranges?.wide ?? [];
  const times =
    ranges && ranges.median > 0 ? Math.max(...ranges.merged) / ranges.median : undefined;
  const wide = times === undefined ? "" : `${times.toFixed(1)} × median`;
  const rows = quantizers.length === 0 ? [undefined] : quantizers;
  const span = rows.length > 1 ? rows.length : undefined;
  const shared = (content: string, style?: string): string =>
    element("td", { rowspan: span, class: style }, content);
  return rows
    .map((one, index) => {
      const own = quantizerCells(one, layer);
      if (index > 0) return element("tr", {}, own);
      const alarm = widest ? element("span", { class: "bad" }, escaped(wide)) : escaped(wide);
      const list = remarks.length === 0 ? "" : element("ul", {}, ...remarks);
      return element("tr", {}, shared(link), own, shared(alarm, "number"), shared(list));
    })
    .join("");
}

function quantizerCells(one: SeenQuantizer | undefined, layer: Layer): string {
  if (!one) return element("td", { colspan: 5, class: "note" }, "floating point");
  const { path, of, bits, rule, numbers } = one;
  const own = path.startsWith(`${layer.path}.`) ? path.slice(layer.path.length + 1) : path;
  const what = of === "kernel" ? "weights" : "activations";
  const number = (text: string): string => element("td", { class: "number" }, escaped(text));
  const name = `${what} (${own}, ${rule})`;
  const cells = numbers
    ? [
        stepText(numbers).replace(/^steps? /, ""),
        snrText(numbers.snr).replace(" dB", ""),
        shareText(numbers.clipped.low + numbers.clipped.high),
      ]
    : ["", "not seen", ""];
  return element("td", {}, escaped(name)) + number(String(bits)) + cells.map(number).join("");
}

/** For links: paths have only letters, digits, dots and underlines. */
export function layerId({ path }: Layer): string {
  return `layer-${path}`;
}

/** Text in which `quoted` words are code. */
export function remarkText(remark: string): string {
  return remark
    .split("`")
    .map((part, index) => (index % 2 === 1 ? element("code", {}, escaped(part)) : escaped(part)))
    .join("");
}
