import type { Graph, Instruction, ValueId } from "../../compiler/ir/graph.ts";
import { shapeOf } from "../../compiler/ir/types.ts";
import type { HostTensor } from "../safetensors.ts";
import { accumulatorSources } from "./accumulator-sources.ts";
import { deployedWeight, type DeployedWeights } from "./deployed-weight.ts";
import { WrongTensor } from "./errors.ts";
import { joinExamples, sliceExamples } from "./examples.ts";
import { instructionPaths } from "./instruction-paths.ts";
import { integerInstructions, type Site } from "./instructions.ts";
import { Recorder, type IntegerReport } from "./report.ts";
import { requireIntegerForm } from "./require-integer-form.ts";
import { dequantize, type Value } from "./value.ts";

export interface IntegerOptions {
  /** Examples executed at a time, which bounds memory; the result does not depend on it. */
  readonly chunk?: number;
  /** Called after each chunk. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface IntegerResult {
  /** NHWC or [batch, channels]. */
  readonly output: HostTensor;
  readonly report: IntegerReport;
}

/**
 * Executes a deploy graph in integer arithmetic: the arbiter of what a deployed model computes, written to be right before it is fast.
 *
 * @param input NHWC, or [batch, channels]
 * @throws NoIntegerForm when a sum has operands that are not quantized
 * @throws WrongTensor when the input or a weight does not fit the graph
 * @throws InvalidStep when a quantizer's step is not positive
 */
export function runInteger(
  graph: Graph,
  weights: DeployedWeights,
  input: HostTensor,
  options: IntegerOptions = {},
): IntegerResult {
  requireIntegerForm(graph);
  const examples = requireInput(graph, input);
  const recorder = new Recorder(examples);
  const [constant, varying] = split(graph);
  const execute = executor(graph, recorder);
  const constants = new Map<ValueId, Value>();
  for (const instruction of constant) {
    const { op, attributes } = instruction;
    if (op !== "weight") execute(instruction, constants);
    else define(instruction, loadWeight(attributes, instruction, weights), constants);
  }
  const parts: HostTensor[] = [];
  const chunk = options.chunk ?? 16;
  for (let start = 0; start < examples; start += chunk) {
    const values = new Map(constants);
    recorder.firstExample = start;
    for (const instruction of varying) {
      if (instruction.op !== "input") execute(instruction, values);
      else define(instruction, sliceExamples(input, start, chunk), values);
    }
    parts.push(dequantize(lookUp(values, graph.outputs["output"] ?? "")));
    options.onProgress?.(Math.min(start + chunk, examples), examples);
  }
  return { output: joinExamples(parts), report: recorder };
}

/** Instructions that depend on weights alone, and those that depend on the input. */
function split(graph: Graph): readonly [constant: Instruction[], varying: Instruction[]] {
  const varying = new Set<ValueId>();
  for (const { op, args, results } of graph.instructions) {
    if (op === "input" || args.some((arg) => varying.has(arg)))
      for (const result of results) varying.add(result);
  }
  const varies = (instruction: Instruction) => varying.has(instruction.results[0] ?? "");
  return [graph.instructions.filter((i) => !varies(i)), graph.instructions.filter(varies)];
}

function executor(graph: Graph, recorder: Recorder) {
  const paths = instructionPaths(graph);
  const sources = accumulatorSources(graph);
  return (instruction: Instruction, values: Map<ValueId, Value>): void => {
    const { op, args, results } = instruction;
    const row = integerInstructions[op];
    if (!row) throw new Error(`repqc bug: the integer executor has no instruction ${op}`);
    const result = results[0] ?? "";
    const site: Site = {
      instruction,
      path: paths.get(result) ?? op,
      sources: sources.get(result) ?? new Set(),
      recorder,
    };
    const operands = args.map((arg) => lookUp(values, arg));
    define(instruction, row(operands, site), values);
  };
}

function loadWeight(
  attributes: Instruction["attributes"],
  { types }: Instruction,
  weights: DeployedWeights,
): HostTensor {
  const type = types[0];
  if (!type) throw new Error("repqc bug: a weight without a type");
  return deployedWeight(weights, String(attributes["path"]), shapeOf(type));
}

function define(instruction: Instruction, value: Value, values: Map<ValueId, Value>): void {
  values.set(instruction.results[0] ?? "", value);
}

function lookUp(values: ReadonlyMap<ValueId, Value>, id: ValueId): Value {
  const value = values.get(id);
  if (!value) throw new Error(`repqc bug: ${id} is used before it is defined`);
  return value;
}

function requireInput(graph: Graph, input: HostTensor): number {
  const type = graph.instructions.find(({ op }) => op === "input")?.types[0];
  if (!type) throw new Error("repqc bug: a deploy graph without an input");
  const expected = [-1, ...shapeOf(type)];
  const fits = (n: number, i: number) => (i === 0 ? n > 0 : n === expected[i]);
  if (input.shape.length !== expected.length || !input.shape.every(fits))
    throw new WrongTensor("the input", expected, input.shape);
  return input.shape[0] ?? 0;
}
