import type { Graph, ValueId } from "../../compiler/ir/graph.ts";
import { NoIntegerForm } from "./errors.ts";
import { instructionPaths } from "./instruction-paths.ts";

/**
 * Checks that every sum of a deploy graph (`conv`, `global_avg`) adds integer levels.
 *
 * @throws NoIntegerForm for the first one that does not
 */
export function requireIntegerForm(graph: Graph): void {
  const paths = instructionPaths(graph);
  const quantized = new Set<ValueId>();
  for (const { op, args, results } of graph.instructions) {
    if (op === "quantize") for (const result of results) quantized.add(result);
    const operands = { conv: ["its input", "its kernel"], global_avg: ["its input"] }[op] ?? [];
    const missing = operands.filter((_, i) => !quantized.has(args[i] ?? ""));
    if (missing.length === 0) continue;
    const value = results[0] ?? "";
    throw new NoIntegerForm(paths.get(value) ?? op, op, missing, value);
  }
}
