import type { Graph, Instruction, ValueId } from "./graph.ts";
import { resultTypes } from "./instructions.ts";
import { printGraph } from "./print.ts";
import type { ValueType } from "./types.ts";

/** Which instructions a stage may contain. */
export type Stage = "train" | "merge" | "deploy";

const never: Readonly<Record<Stage, readonly string[]>> = {
  train: [],
  merge: [
    "input",
    "conv",
    "batch_norm",
    "statistics",
    "quantize",
    "quantize_range",
    "relu",
    "prelu",
    "add",
    "pad",
    "crop",
    "max_pool",
    "slice_channels",
    "concat_channels",
  ],
  deploy: [
    "quantize_range",
    "range_step",
    "statistics",
    "batch_norm",
    "compose",
    "scale_out",
    "embed",
    "dilate",
    "add_kernels",
    "reciprocal_root",
    "fixed_kernel",
    "select_kernel",
    "flip_kernel",
    "join_kernels",
    "join_vectors",
  ],
};

/**
 * Checks a graph against the instruction table: every value is defined before its use and once, every type is what its row says, outputs exist,
 * and the stage contains nothing that it may not.
 * @throws Error with the graph's text around the fault: always our bug.
 */
export function verify(graph: Graph, stage: Stage): void {
  const types = new Map<ValueId, ValueType>();
  for (const instruction of graph.instructions) {
    const complain = (what: string): never => {
      throw new Error(
        `repqc bug: ${what} at ${instruction.results.join(", ")} in the ${stage} graph\n${printGraph(graph)}`,
      );
    };
    if (never[stage].includes(instruction.op)) complain(`\`${instruction.op}\` has no place`);
    const args = instruction.args.map(
      (arg) => types.get(arg) ?? complain(`${arg} is used before it is defined`),
    );
    checkTypes(instruction, args, complain);
    instruction.results.forEach((result, index) => {
      if (types.has(result)) complain(`${result} is defined twice`);
      types.set(result, instruction.types[index] as ValueType);
    });
  }
  for (const [name, id] of Object.entries(graph.outputs)) {
    if (!types.has(id))
      throw new Error(
        `repqc bug: output ${name} is ${id}, which is not defined\n${printGraph(graph)}`,
      );
  }
}

function checkTypes(
  instruction: Instruction,
  args: readonly ValueType[],
  complain: (what: string) => never,
): void {
  const expected = resultTypes(instruction.op, args, instruction.attributes);
  if (JSON.stringify(expected) !== JSON.stringify(instruction.types)) {
    complain(
      `types are ${JSON.stringify(instruction.types)}, the table says ${JSON.stringify(expected)}`,
    );
  }
}
