import type { Graph } from "../../compiler/ir/graph.ts";
import { sliceExamples, type DeployedWeights } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";
import { doubtFinder, type DoubtfulOutputs, type FindDoubts } from "./doubt/find-doubts.ts";
import { halvesRules } from "./doubt/halves.ts";
import type { Chunk } from "./judge.ts";
import { outputSteps } from "./output-steps.ts";

/** What the judges of all engines share: doubts are looked for where outputs differ, once for an example. */
export interface DoubtBook {
  /** By output channel. */
  readonly steps: Float64Array;
  readonly open: (chunk: Chunk, example: number) => ExampleDoubts;
}

/** One example's outputs, and what engines may make of them. */
export interface ExampleDoubts {
  readonly bounds: DoubtfulOutputs;
  /** Whether an engine that has one and the same rule for all halves would give these outputs. */
  readonly isByOneRule: (outputs: Float32Array) => boolean;
}

export function doubtBook(graph: Graph, weights: DeployedWeights): DoubtBook {
  let find: FindDoubts | undefined;
  const known = new WeakMap<Chunk, Map<number, ExampleDoubts>>();
  return {
    steps: outputSteps(graph, weights),
    open: (chunk, example) => {
      const pages = known.get(chunk) ?? new Map<number, ExampleDoubts>();
      known.set(chunk, pages);
      find ??= doubtFinder(graph, weights);
      const page = pages.get(example) ?? openPage(find, sliceExamples(chunk.input, example, 1));
      pages.set(example, page);
      return page;
    },
  };
}

function openPage(find: FindDoubts, input: HostTensor): ExampleDoubts {
  let results: readonly HostTensor[] | undefined;
  const isSame = (a: Float32Array, b: Float32Array) => a.every((number, i) => number === b[i]);
  return {
    bounds: find(input),
    isByOneRule: (outputs) => {
      results ??= halvesRules.map((rule) => find(input, rule).low);
      return results.some(({ data }) => isSame(data, outputs));
    },
  };
}
