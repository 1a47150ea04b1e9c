import type { Graph, ValueId } from "../../compiler/ir/graph.ts";
import { instructionPaths } from "./instruction-paths.ts";

/** Paths of the sums (`conv`, `global_avg`) that each value depends on without another sum in between. */
export function accumulatorSources(graph: Graph): ReadonlyMap<ValueId, ReadonlySet<string>> {
  const paths = instructionPaths(graph);
  const sources = new Map<ValueId, ReadonlySet<string>>();
  for (const { op, args, results } of graph.instructions) {
    for (const result of results) {
      const own = op === "conv" || op === "global_avg" ? paths.get(result) : undefined;
      const inherited = args.flatMap((arg) => [...(sources.get(arg) ?? [])]);
      sources.set(result, new Set(own === undefined ? inherited : [own]));
    }
  }
  return sources;
}
