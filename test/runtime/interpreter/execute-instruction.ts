import type { Attribute } from "../../../compiler/ir/graph.ts";
import { execute } from "../../../runtime/execute.ts";
import type { Mode } from "../../../runtime/interpreter/index.ts";
import type { tf } from "../../../runtime/tensors.ts";
import { GraphBuilder } from "./graph-builder.ts";

/** What an argument of an instruction is, and its sizes; a map or features without the batch. */
export type ArgumentType =
  | { readonly kind: "map" | "features" | "vector" | "scalar"; readonly shape: readonly number[] }
  | { readonly kind: "kernel"; readonly shape: readonly number[]; readonly groups: number };

/** One instruction as a function of tensors: a graph of leaves and this instruction, executed. */
export function asFunction(
  op: string,
  types: readonly ArgumentType[],
  attributes: Readonly<Record<string, Attribute>>,
  mode: Mode,
): (...tensors: tf.Tensor[]) => tf.Tensor {
  const builder = new GraphBuilder();
  const args = types.map((type, n) => builder.op("weight", [], { ...type, path: `w${n}` }));
  const output = builder.op(op, args, attributes);
  const graph = builder.graph({ output });
  return (...tensors) => {
    const weights = (path: string) => tensors[Number(path.slice(1))]!;
    return execute(graph, { mode, weights }).outputs["output"]!;
  };
}
