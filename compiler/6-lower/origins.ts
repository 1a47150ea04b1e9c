import type { Node, QuantizedModel, ValueId } from "../ir/index.ts";
import { deployGraph } from "./lower.ts";

/** Where a program's deploy graph comes from: the node of the model, with its place in the spec, whose result a value is. */
export function originsOf(quantizedModel: QuantizedModel): ReadonlyMap<ValueId, Node> {
  const { nodes } = quantizedModel.model;
  const { outputs } = deployGraph(quantizedModel, (value) =>
    Object.fromEntries(nodes.map((_, id) => [String(id), value(id)])),
  );
  return new Map(nodes.map((node, id) => [outputs[String(id)] ?? "", node]));
}
