import { diagnostic, type Diagnostic } from "../diagnostics/index.ts";
import type { Model, Node, NodeQuantizers, Policy, QuantizerSetting } from "../ir/index.ts";
import type { Sign } from "../ops/index.ts";

/** Paths of quantizers without levels for negative numbers, where there may be some. */
export class ClippedPlaces {
  readonly paths: string[] = [];
  readonly #signs: readonly Sign[];

  constructor(model: Model) {
    this.#signs = signsOfImages(model);
  }

  /** Remembers what a policy quantizes so at a node. */
  visit(
    node: Exclude<Node, { kind: "input" }>,
    setting: QuantizerSetting | "none",
    { input, left, right }: NodeQuantizers,
    behindAnother = false,
  ): void {
    // What `auto` finds out fits by itself.
    if (setting === "none" || setting.signed !== false) return;
    const sources = node.kind === "add" ? node.inputs : [node.input];
    const quantizers = node.kind === "add" ? [left, right] : [input];
    for (const [index, source] of sources.entries()) {
      const isNegative = behindAnother || this.#signs[source] === "any";
      const path = quantizers[index]?.path;
      if (isNegative && path !== undefined) this.paths.push(path);
    }
  }
}

/** Tells of a policy's `signed: false` where numbers may be negative: all of these would become 0. */
export function reportClipped(
  { entry }: Model,
  { call }: Policy,
  { paths }: ClippedPlaces,
): readonly Diagnostic[] {
  const [path, ...others] = paths;
  if (path === undefined) return [];
  const places = others.length === 1 ? "1 other place" : `${others.length} other places`;
  const more = others.length > 0 ? ` and ${places}` : "";
  const parameters = { policy: call, path, more, model: entry };
  return [diagnostic("quant/clipped-activations", undefined, parameters)];
}

/** What is known of every node where the model is given an image, whose numbers are 0 and more. */
function signsOfImages({ nodes }: Model): readonly Sign[] {
  const signs: Sign[] = [];
  const signOf = (node: Node): Sign => {
    switch (node.kind) {
      case "input":
        return "nonnegative";
      case "island":
        return node.sign;
      case "map":
        return node.op.sign(signs[node.input] ?? "any");
      case "add":
        return node.inputs.every((id) => signs[id] === "nonnegative") ? "nonnegative" : "any";
    }
  };
  for (const node of nodes) signs.push(signOf(node));
  return signs;
}
