import type { Graph, Instruction } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";

const known = new WeakMap<Program, Program>();

/** The program with all its statistics frozen: training goes on, and means and variances stay as they are. */
export function freezeStatistics(program: Program): Program {
  const frozen = known.get(program) ?? { ...program, train: freeze(program.train) };
  known.set(program, frozen);
  return frozen;
}

function freeze({ instructions, outputs }: Graph): Graph {
  return { instructions: instructions.map(freezeInstruction), outputs };
}

function freezeInstruction(instruction: Instruction): Instruction {
  const measures = instruction.op === "statistics" || instruction.op === "batch_norm";
  if (!measures) return instruction;
  return { ...instruction, attributes: { ...instruction.attributes, mode: "frozen" } };
}
