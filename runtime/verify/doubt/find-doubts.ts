import type { Graph, ValueId } from "../../../compiler/ir/graph.ts";
import {
  dequantize,
  instructionPaths,
  Recorder,
  type DeployedWeights,
} from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import { constantsOf } from "./constants.ts";
import { Doubts, type Doubt } from "./doubt.ts";
import { doubtfulInstructions } from "./doubtful-instructions.ts";
import type { Halves } from "./halves.ts";
import { certain, originsOf, type Interval } from "./interval.ts";

/** What engines may make of a model's outputs. */
export interface DoubtfulOutputs {
  /** NHWC, or [batch, channels]. */
  readonly low: HostTensor;
  readonly high: HostTensor;
  /** Why an output is not certain; nothing where it is. */
  readonly doubtOf: (index: number) => Doubt | undefined;
}

/** @param halves what halves become; under a rule (not `either`) the outputs are those of an engine that has it, unless sums go beyond 2^24 */
export type FindDoubts = (input: HostTensor, halves?: Halves) => DoubtfulOutputs;

/**
 * An interpretation of a quantized deploy graph beside the integer executor: every value with the bounds that it has in an engine that may round
 * halves up or down, and may add in float32 in any order. All else is exact in any engine, hence an output outside of its bounds is wrong.
 */
export function doubtFinder(graph: Graph, weights: DeployedWeights): FindDoubts {
  const constants = [...constantsOf(graph, weights)].map(([id, it]) => [id, certain(it)] as const);
  const paths = instructionPaths(graph);
  const known = new Set(constants.map(([id]) => id));
  const varying = graph.instructions.filter(({ results }) => !known.has(results[0] ?? ""));
  return (input, halves = "either") => {
    const doubts = new Doubts();
    const values = new Map<ValueId, Interval>(constants);
    const recorder = new Recorder(input.shape[0] ?? 0);
    const valueOf = (id: ValueId): Interval => {
      const value = values.get(id);
      if (!value) throw new Error(`repqc bug: ${id} is used before it is defined`);
      return value;
    };
    for (const instruction of varying) {
      const { op, args, results } = instruction;
      const [result = ""] = results;
      const site = { instruction, path: paths.get(result) ?? op, sources: new Set<string>() };
      const row = doubtfulInstructions[op];
      if (op === "input") values.set(result, certain(input));
      else if (row)
        values.set(result, row(args.map(valueOf), { ...site, recorder, doubts, halves }));
      else throw new Error(`repqc bug: the interpretation of doubts has no instruction ${op}`);
    }
    const output = valueOf(graph.outputs["output"] ?? "");
    const { data: origins } = originsOf(output);
    const doubtOf = (index: number) => doubts.all[origins[index]! - 1];
    return { low: dequantize(output.low), high: dequantize(output.high), doubtOf };
  };
}
