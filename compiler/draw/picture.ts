import { blockPanels, hasQuantizers } from "./block-panels.ts";
import type { Drawing } from "./drawing.ts";
import { legend } from "./legend.ts";
import { networkPanels } from "./network-panels.ts";
import { countWeights, grouped, islandsOf, printShape, separator } from "./numbers.ts";
import { placed, text, widthOf, type Shape } from "./shapes.ts";
import { shortened } from "./text-width.ts";
import { unitsOf } from "./units.ts";

/** A laid out drawing. */
export interface Picture {
  readonly title: string;
  /** For people who cannot see it. */
  readonly description: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
}

const margin = 24;
const headHeight = 58;
const footHeight = 44;
const widestTitle = 900;

/**
 * A model, or one block alone, side by side as it is written, as it is merged, and with its quantizers. Of a model: the column of its blocks,
 * and each kind of block once in detail.
 */
export function layOut(drawing: Drawing): Picture {
  const { model } = drawing;
  const units = unitsOf(model);
  const isBlock = units.length === 2;
  const body = isBlock ? blockPanels(drawing, units) : networkPanels(drawing, units);
  const title = shortened(model.entry, widestTitle, 17, true);
  const subtitle = subtitleOf(drawing);
  const key = legend(body.shapes);
  const inner = Math.max(body.width, key.width, widthOf(title, "title"), widthOf(subtitle, "note"));
  const left = margin + (inner - body.width) / 2;
  const bottom = margin + headHeight + body.height;
  return {
    title: model.entry,
    description: describe(drawing, isBlock),
    width: Math.ceil(inner + 2 * margin),
    height: Math.ceil(bottom + footHeight + (margin - 8)),
    shapes: [
      text(title, "title", { x: margin, y: margin + 10 }),
      text(subtitle, "note", { x: margin, y: margin + 34 }),
      ...placed(body, left, margin + headHeight),
      ...placed(key, margin, bottom + 18),
    ],
  };
}

function subtitleOf(drawing: Drawing): string {
  const { model } = drawing;
  const input = model.nodes.find((node) => node.kind === "input");
  const output = model.nodes[model.output];
  const shapes = input && output ? [`${printShape(input.type)} → ${printShape(output.type)}`] : [];
  const { trained, deployed } = countWeights(islandsOf(model));
  const weights = `${grouped(trained)} weights in branches, ${grouped(deployed)} merged`;
  return [...shapes, weights, quantizationOf(drawing)].join(separator);
}

const places = {
  merged: "on the merged kernels",
  after_merge: "after the merge",
  branches: "on every convolution of the branches",
} as const;

function quantizationOf(drawing: Drawing): string {
  const { policy, on } = drawing;
  if (hasQuantizers(drawing)) return `quantized by ${policy}, ${places[on]}`;
  return policy === "" ? "floating point" : `floating point, ${policy}`;
}

function describe(drawing: Drawing, isBlock: boolean): string {
  const { model } = drawing;
  const islands = islandsOf(model);
  const what = isBlock
    ? "A block: its branches as written, the one convolution that they become, and its quantizers."
    : `A network of ${islands.length} merged convolutions: its blocks in a column, each kind of block in detail, and its quantizers.`;
  return `${what} ${subtitleOf(drawing).replaceAll(separator, "; ")}.`;
}
