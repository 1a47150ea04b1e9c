import type { Graph } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { execute } from "../execute.ts";
import { tf } from "../tensors.ts";
import { slotName, type TrainingVariables } from "./training-variables.ts";

const slot = "teacher";

/**
 * Keeps the weights with which a training begins, where its optimizer's memory is kept: without quantizers they are the teacher
 * of a recipe that distills (as in Mishra and Marr, ICLR 2018, scheme C: teacher and student are one trained network, of
 * which the student is quantized).
 */
export function beginTeacher(program: Program, { weights, optimizer }: TrainingVariables): void {
  for (const { path, role } of program.weights) {
    const weight = weights.get(path);
    if (weight && role !== "step") optimizer.set(slotName(slot, path), tf.clone(weight));
  }
}

/**
 * What the teacher makes of an input [B, ...], by its running statistics. The caller's to dispose.
 * @param graph the train graph without quantizers
 */
export function askTeacher(
  graph: Graph,
  { optimizer }: Pick<TrainingVariables, "optimizer">,
  input: tf.Tensor,
): tf.Tensor {
  const weights = (path: string): tf.Tensor => {
    const weight = optimizer.get(slotName(slot, path));
    if (!weight) throw new Error(`repqc bug: the teacher has no weight \`${path}\``);
    return weight;
  };
  const { outputs, updates } = execute(graph, { mode: "eval", weights, input });
  tf.dispose([...updates.values()]);
  return outputs["output"]!;
}
