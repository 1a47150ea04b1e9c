import type { Graph, Node, QuantizedModel, ValueId } from "../ir/index.ts";
import { GraphBuilder, weightPath } from "../ir/index.ts";
import { mergeIsland } from "./merged.ts";
import { stepLeaf } from "./quantize.ts";
import { mapWeights, plainWeights } from "./weights.ts";

/** Deployed weights from trained ones; what does not change passes through. */
export function mergeGraph({ model, on, quantizers }: QuantizedModel): Graph {
  const builder = new GraphBuilder();
  const outputs: Record<string, ValueId> = {};
  model.nodes.forEach((node, id) => {
    Object.assign(outputs, nodeWeights(builder, node, on === "after_merge"));
    if (on === "branches") return;
    const { input, kernel } = quantizers.get(id) ?? {};
    for (const quantizer of [input, kernel]) {
      if (!quantizer) continue;
      const channels = node.kind === "island" ? node.body.out : 0;
      outputs[weightPath(quantizer.path, "step")] = stepLeaf(builder, quantizer, channels);
    }
  });
  return builder.finish(outputs);
}

function nodeWeights(
  builder: GraphBuilder,
  node: Node,
  isPlain: boolean,
): Readonly<Record<string, ValueId>> {
  if (node.kind === "map") return mapWeights(builder, node);
  if (node.kind !== "island") return {};
  const { kernel, bias } = isPlain ? plainWeights(builder, node) : mergeIsland(builder, node);
  return { [weightPath(node.path, "kernel")]: kernel, [weightPath(node.path, "bias")]: bias };
}
