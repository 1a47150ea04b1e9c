import type { Graph, Instruction, ValueId } from "../../compiler/ir/graph.ts";
import { channelsOf, type ValueType } from "../../compiler/ir/types.ts";
import {
  dequantize,
  gridOf,
  isQuantized,
  type DeployedWeights,
  type Levels,
  type Value,
} from "../integer/index.ts";
import { constantsOf } from "./doubt/constants.ts";

/** By channel: how far one level of one number, in the quantizers nearest before, can move a value. */
type Steps = Float64Array;

interface Site {
  readonly instruction: Instruction;
  readonly constants: ReadonlyMap<ValueId, Value>;
  /** Type of the first argument. */
  readonly operand: ValueType | undefined;
}

type Row = (args: readonly Steps[], site: Site) => Steps;

/**
 * The step of each output channel of a quantized deploy graph: the most by which one level of one number, in the last quantizer before it, can
 * move an output. Behind a convolution that is step_x · step_k · the largest |level| of the channel's kernel. 0 where no quantizer stands before.
 */
export function outputSteps(graph: Graph, weights: DeployedWeights): Float64Array {
  const constants = constantsOf(graph, weights);
  const steps = new Map<ValueId, Steps>();
  const types = new Map(graph.instructions.map(({ results, types: [type] }) => [results[0], type]));
  for (const instruction of graph.instructions) {
    const { op, args, results } = instruction;
    const [result = ""] = results;
    if (constants.has(result)) continue;
    const row = rows[op];
    if (!row) throw new Error(`repqc bug: ${op} has no step`);
    const known = args.flatMap((arg) => steps.get(arg) ?? []);
    steps.set(result, row(known, { instruction, constants, operand: types.get(args[0]) }));
  }
  const found = steps.get(graph.outputs["output"] ?? "");
  if (!found) throw new Error("repqc bug: a deploy graph without an output");
  return found;
}

function first([steps]: readonly Steps[]): Steps {
  if (!steps) throw new Error("repqc bug: an operation without an operand");
  return steps;
}

const same: Row = first;
const larger: Row = ([a, b]) => first([a!]).map((step, c) => Math.max(step, b?.[c] ?? 0));

function constant({ instruction, constants }: Site, index: number): Value {
  const value = constants.get(instruction.args[index] ?? "");
  if (!value) throw new Error(`repqc bug: ${instruction.op} without its weight`);
  return value;
}

function channels({ instruction }: Site): number {
  const [type] = instruction.types;
  if (!type) throw new Error(`repqc bug: ${instruction.op} has no result`);
  return channelsOf(type);
}

/** Largest |level| of each output channel. */
function largestTaps({ levels, shape }: Levels): Float64Array {
  const out = shape.at(-1) ?? 1;
  const largest = new Float64Array(out);
  for (let i = 0; i < levels.length; i++)
    largest[i % out] = Math.max(largest[i % out]!, Math.abs(levels[i]!));
  return largest;
}

const rows: Readonly<Record<string, Row>> = {
  input: (_, site) => new Float64Array(channels(site)),
  quantize: (_, site) => {
    const { low, high } = site.instruction.attributes;
    const learned = dequantize(constant(site, 1)).data;
    const { step } = gridOf(learned, { low: Number(low), high: Number(high) });
    return new Float64Array(channels(site)).fill(step[0]!);
  },
  conv: (args, site) => {
    const kernel = constant(site, 1);
    if (!isQuantized(kernel)) throw new Error("repqc bug: the step of a kernel without levels");
    // A quantizer has one step for all channels.
    const [step = 0] = first(args);
    const { step: each } = kernel;
    return largestTaps(kernel).map((taps, o) => taps * step * each[o % each.length]!);
  },
  global_avg: (args, { operand }) => {
    if (operand?.kind !== "map") throw new Error("repqc bug: a mean of something that is no map");
    return first(args).map((step) => step / (operand.height * operand.width));
  },
  relu: same,
  negate: same,
  add_channels: same,
  prelu: (args, site) => {
    const { data } = dequantize(constant(site, 1));
    return first(args).map((step, c) => step * Math.max(1, Math.abs(data[c]!)));
  },
  scale_channels: (args, site) => {
    const { data } = dequantize(constant(site, 1));
    return first(args).map((step, c) => step * Math.abs(data[c]!));
  },
  add: larger,
  subtract: larger,
  pad: same,
  crop: same,
  max_pool: same,
  slice_channels: (args, { instruction }) => {
    const [start, count] = ["first", "count"].map((name) => Number(instruction.attributes[name]));
    return first(args).subarray(start, start! + count!);
  },
  concat_channels: (args) => Float64Array.from(args.flatMap((steps) => [...steps])),
  tile: (args, { instruction }) => {
    const times = Number(instruction.attributes["times"]);
    return Float64Array.from(Array.from({ length: times }, () => [...first(args)]).flat());
  },
  depth_to_space: (args, site) => {
    const out = channels(site);
    return Float64Array.from({ length: out }, (_, c) =>
      first(args).reduce((most, step, i) => (i % out === c ? Math.max(most, step) : most), 0),
    );
  },
};
