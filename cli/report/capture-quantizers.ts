import type { Instruction, Program } from "../../compiler/ir/index.ts";
import { execute } from "../../runtime/execute.ts";
import type { Call, Values } from "../../runtime/interpreter/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import { takeFrom, toTensors, disposeAll, type HostWeights } from "../../runtime/weights.ts";
import { quantizerNumbers, type QuantizerNumbers } from "./quantizer-numbers.ts";

/** A quantizer of the train graph with what it does to trained weights and sampled activations. */
export interface SeenQuantizer {
  readonly path: string;
  readonly of: "kernel" | "activation";
  /** The rule by which its step learns. */
  readonly rule: string;
  readonly bits: number;
  readonly low: number;
  readonly high: number;
  readonly per: "channel" | "tensor";
  readonly reason: string;
  /** Absent of activations where there is no sample. */
  readonly numbers?: QuantizerNumbers;
}

interface Captured {
  readonly instruction: Instruction;
  readonly value: tf.Tensor;
  readonly step: tf.Tensor;
}

/**
 * Runs the train graph as it is deployed (running statistics, integer levels) and looks at what enters each quantizer: kernels are the merged
 * ones, or the branches' where those are quantized. Without a sample only kernels are looked at.
 * @param sample [images, height, width, channels]
 */
export async function captureQuantizers(
  program: Program,
  weights: HostWeights,
  sample: HostTensor | undefined,
): Promise<readonly SeenQuantizer[]> {
  const found = quantizersOf(program);
  const captured = run(program, weights, sample, found);
  const seen: SeenQuantizer[] = [];
  for (const instruction of found.values()) {
    const capture = captured.get(pathOf(instruction));
    seen.push(await describe(instruction, capture, sample !== undefined));
    if (capture) tf.dispose([capture.value, capture.step]);
  }
  return seen;
}

/** By the value that they make; of several that share a step the first. */
function quantizersOf({ train }: Program): ReadonlyMap<string, Instruction> {
  const paths = new Set<string>();
  const found = new Map<string, Instruction>();
  for (const instruction of train.instructions) {
    if (instruction.op !== "quantize" && instruction.op !== "quantize_range") continue;
    if (paths.has(pathOf(instruction))) continue;
    paths.add(pathOf(instruction));
    found.set(instruction.results[0] ?? "", instruction);
  }
  return found;
}

function pathOf({ attributes }: Instruction): string {
  return String(attributes["path"]);
}

function run(
  program: Program,
  weights: HostWeights,
  sample: HostTensor | undefined,
  found: ReadonlyMap<string, Instruction>,
): ReadonlyMap<string, Captured> {
  const captured = new Map<string, Captured>();
  const tensors = toTensors(weights);
  // Kernels do not depend on the input, but the graph runs as a whole.
  const shape = sample?.shape ?? [1, ...program.input.shape];
  const input = sample ? tf.tensor(sample.data, [...shape], "float32") : tf.zeros([...shape]);
  const before = (call: Call, values: Values): void => {
    const instruction = found.get(call.results[0]?.name ?? "");
    if (!instruction || (!sample && !isKernel(instruction))) return;
    const [value, step] = [0, 1].map((index) => keptArgument(call, values, index));
    if (value && step) captured.set(pathOf(instruction), { instruction, value, step });
  };
  tf.tidy(() => {
    execute(program.train, { mode: "eval", weights: takeFrom(tensors), input, watch: { before } });
  });
  disposeAll(tensors);
  input.dispose();
  return captured;
}

function keptArgument(call: Call, values: Values, index: number): tf.Tensor {
  const argument = call.arguments[index];
  const tensor = argument && "value" in argument ? values.get(argument.value) : undefined;
  if (!tensor) throw new Error(`repqc bug: ${call.label} quantizes nothing`);
  return tf.keep(tf.clone(tensor));
}

function isKernel({ types }: Instruction): boolean {
  return types[0]?.kind === "kernel";
}

async function describe(
  instruction: Instruction,
  capture: Captured | undefined,
  hasSample: boolean,
): Promise<SeenQuantizer> {
  const { quantizer, bits, low, high, per, reason } = instruction.attributes;
  const isOfKernel = isKernel(instruction);
  const facts = {
    path: pathOf(instruction),
    of: isOfKernel ? "kernel" : "activation",
    rule: String(quantizer),
    bits: Number(bits),
    low: Number(low),
    high: Number(high),
    per: per === "channel" ? "channel" : "tensor",
    reason: String(reason ?? ""),
  } as const;
  if (!capture) {
    if (hasSample || isOfKernel) throw new Error(`repqc bug: ${facts.path} was never run`);
    return facts;
  }
  const data = (await capture.value.data()) as Float32Array;
  const step = (await capture.step.data()) as Float32Array;
  // An activation's vector is its step and its zero point.
  const hasZeroPoint = !isOfKernel && step.length === 2;
  const grid = {
    low: facts.low,
    high: facts.high,
    steps: hasZeroPoint ? step.slice(0, 1) : step,
    zeroPoint: hasZeroPoint ? (step[1] ?? 0) : 0,
  };
  return { ...facts, numbers: quantizerNumbers(data, grid) };
}
