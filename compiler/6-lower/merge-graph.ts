import type { Graph, Node, QuantizedModel, ValueId } from "../ir/index.ts";
import { activationQuantizers, GraphBuilder, weightPath } from "../ir/index.ts";
import { mergeIsland } from "./merged.ts";
import { deployedStep, stepLeaf } from "./quantize.ts";
import { mapWeights, plainWeights } from "./weights.ts";

/** Deployed weights from trained ones; what does not change passes through. */
export function mergeGraph({ model, on, quantizers }: QuantizedModel): Graph {
  const builder = new GraphBuilder();
  const outputs: Record<string, ValueId> = {};
  model.nodes.forEach((node, id) => {
    Object.assign(outputs, nodeWeights(builder, node, on === "after_merge"));
    if (on === "branches") return;
    const own = quantizers.get(id) ?? {};
    for (const one of activationQuantizers(own))
      outputs[weightPath(one.path, "step")] = stepLeaf(builder, one, 0);
    const { kernel } = own;
    const merged = outputs[kernel?.path ?? ""];
    if (kernel && merged !== undefined)
      outputs[weightPath(kernel.path, "step")] = deployedStep(builder, kernel, merged);
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
