import type { Instruction } from "../../compiler/ir/graph.ts";
import type { Program } from "../../compiler/ir/program.ts";
import { execute } from "../execute.ts";
import { primitives, type Call, type Values } from "../interpreter/index.ts";
import { findQuantizer } from "../quantizers/index.ts";
import { tf } from "../tensors.ts";

/** A quantizer whose step has to be found. */
interface OpenQuantizer {
  readonly instruction: Instruction;
  readonly path: string;
  readonly perChannel: boolean;
}

/** Whether there are quantizers whose steps are not among the weights. */
export function lacksSteps(program: Program, weights: ReadonlyMap<string, tf.Tensor>): boolean {
  return findOpenQuantizers(program, weights).size > 0;
}

/**
 * First steps for the quantizers whose steps are not among the weights, each by its quantizer's rule from the very
 * numbers that it quantizes, in the order of the graph: kernels' from the merged kernel with running statistics,
 * activations' from the input [B, ...], which is quantized on its way by the steps found before.
 * @returns the missing steps by path, the caller's to dispose
 */
export function initializeSteps(
  program: Program,
  weights: ReadonlyMap<string, tf.Tensor>,
  input: tf.Tensor,
): Map<string, tf.Tensor> {
  const open = findOpenQuantizers(program, weights);
  const found = new Map<string, tf.Tensor>();
  if (open.size === 0) return found;
  tf.tidy(() => {
    const none = tf.scalar(Number.NaN);
    const before = (call: Call, values: Values) => {
      const quantizer = open.get(call.results[0]!.name);
      if (quantizer) setStep(quantizer, call, values, found);
    };
    const take = (path: string) => weights.get(path) ?? none;
    execute(program.train, { mode: "eval", weights: take, input, watch: { before } });
  });
  return found;
}

/** Two quantizers may share a step: the first one sets it. */
function setStep(
  { instruction, path, perChannel }: OpenQuantizer,
  call: Call,
  values: Values,
  found: Map<string, tf.Tensor>,
): void {
  const { quantizer, low, high } = instruction.attributes;
  const rule = primitives[findQuantizer(String(quantizer)).initialStep(instruction.attributes)];
  const v = values.get((call.arguments[0] as { value: string }).value)!;
  const step = found.get(path) ?? tf.keep(rule(v, high as number, perChannel, low as number));
  found.set(path, step);
  values.set(instruction.args[1]!, step);
}

/** By the name of the quantized value. */
function findOpenQuantizers(program: Program, weights: ReadonlyMap<string, tf.Tensor>) {
  const { instructions } = program.train;
  const makers = new Map(instructions.map((one) => [one.results[0]!, one]));
  const open = new Map<string, OpenQuantizer>();
  for (const instruction of instructions.filter(({ op }) => op === "quantize")) {
    const step = makers.get(instruction.args[1]!);
    const path = String(step?.attributes["path"]);
    const perChannel = step?.types[0]?.kind === "vector";
    if (!weights.has(path)) open.set(instruction.results[0]!, { instruction, path, perChannel });
  }
  return open;
}
