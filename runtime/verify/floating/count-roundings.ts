import type { Graph, ValueId } from "../../../compiler/ir/graph.ts";
import type { ValueType } from "../../../compiler/ir/types.ts";

/** Numbers that are added for one result, by what the instruction's operands are. */
const terms: Readonly<Record<string, (args: readonly ValueType[]) => number>> = {
  conv: ([, kernel]) => perOutput(kernel),
  compose: ([, second]) => perOutput(second),
  mix: ([, pointwise]) => perOutput(pointwise),
  carry: ([, kernel]) => perOutput(kernel),
  global_avg: ([map]) => (map?.kind === "map" ? map.height * map.width : 1),
};

/** Taps of a kernel that meet in one output. */
function perOutput(kernel: ValueType | undefined): number {
  if (kernel?.kind !== "kernel") return 1;
  return kernel.height * kernel.width * kernel.in;
}

/**
 * How many roundings lie one after another on the longest way to a graph's output: one for each number that a sum adds, one for every other
 * operation.
 */
export function countRoundings(graph: Graph): number {
  const counts = new Map<ValueId, number>();
  const types = new Map<ValueId, ValueType>();
  for (const { op, args, results, types: own } of graph.instructions) {
    const before = Math.max(0, ...args.map((arg) => counts.get(arg) ?? 0));
    const isLeaf = args.length === 0;
    const operands = args.map((arg) => types.get(arg) ?? ({ kind: "scalar" } as const));
    const added = isLeaf ? 0 : (terms[op]?.(operands) ?? 1);
    for (const [i, result] of results.entries()) {
      counts.set(result, before + added);
      types.set(result, own[i]!);
    }
  }
  return counts.get(graph.outputs["output"] ?? "") ?? 0;
}
