import type { Graph, Instruction, ValueId } from "../../../compiler/ir/graph.ts";
import { shapeOf } from "../../../compiler/ir/types.ts";
import {
  deployedWeight,
  instructionPaths,
  integerInstructions,
  Recorder,
  type DeployedWeights,
  type Value,
} from "../../integer/index.ts";

/** What of a deploy graph depends on weights alone, by value: weights, and the levels of kernels. */
export function constantsOf(graph: Graph, weights: DeployedWeights): Map<ValueId, Value> {
  const constants = new Map<ValueId, Value>();
  const paths = instructionPaths(graph);
  for (const instruction of graph.instructions) {
    const { op, args, results } = instruction;
    const [result = ""] = results;
    if (op === "weight") constants.set(result, loadWeight(instruction, weights));
    if (op === "input" || op === "weight" || !args.every((arg) => constants.has(arg))) continue;
    const row = integerInstructions[op];
    if (!row) throw new Error(`repqc bug: the integer executor has no instruction ${op}`);
    const path = paths.get(result) ?? op;
    const site = { instruction, path, sources: new Set<string>(), recorder: new Recorder(0) };
    constants.set(
      result,
      row(
        args.map((arg) => constants.get(arg)!),
        site,
      ),
    );
  }
  return constants;
}

function loadWeight({ types, attributes }: Instruction, weights: DeployedWeights): Value {
  const [type] = types;
  if (!type) throw new Error("repqc bug: a weight without a type");
  return deployedWeight(weights, String(attributes["path"]), shapeOf(type));
}
