import type { Model, Node, NodeId, PolicySettings } from "../ir/index.ts";
import { hasKernel } from "../ir/index.ts";

/** What a selector can point at. Counts are of convolutions and dense layers; NaN for what is neither. */
export interface Place {
  readonly id: NodeId;
  readonly path: string;
  readonly fromFirst: number;
  readonly fromLast: number;
  /** Those that change something here. */
  readonly settings: readonly (keyof PolicySettings)[];
}

/** At a convolution inside of a branch; modes of statistics are of whole blocks. */
export const inBranches: Place["settings"] = ["weights", "activations"];

/** Everything that can carry a quantizer, in the order of the model. */
export function placesOf(model: Model): readonly Place[] {
  const count = model.nodes.filter(isConvolution).length;
  let index = 0;
  return model.nodes.flatMap((node, id): readonly Place[] => {
    const settings = settingsFor(node);
    if (node.kind === "input" || settings.length === 0) return [];
    const { path } = node;
    if (!isConvolution(node)) return [{ id, path, fromFirst: NaN, fromLast: NaN, settings }];
    const [fromFirst, fromLast] = [index, count - 1 - index];
    index += 1;
    return [{ id, path, fromFirst, fromLast, settings }];
  });
}

function isConvolution(node: Node): boolean {
  return node.kind === "island" && hasKernel(node.body);
}

function settingsFor(node: Node): Place["settings"] {
  switch (node.kind) {
    case "input":
      return [];
    case "island":
      return ["weights", "activations", "bn"];
    case "map":
      return node.op.sumsPositions ? ["activations"] : [];
    case "add":
      return ["sums"];
  }
}
