import type { Graph, ValueId } from "../../compiler/ir/graph.ts";
import {
  dequantize,
  gridOf,
  instructionPaths,
  integerInstructions,
  multipliers,
  Recorder,
  scaleSums,
  type DeployedWeights,
  type Levels,
  type Value,
} from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { constantsOf } from "../../runtime/verify/doubt/constants.ts";

/** A tie that was met: where, and between which levels. */
export interface Tie {
  readonly path: string;
  readonly index: number;
}

export interface Choices {
  /** The level of a quotient inside the range that lies on a tie; half to even unless told. */
  readonly roundTie?: (quotient: number, tie: Tie) => number | undefined;
  /** The level of any other quotient inside the range. */
  readonly round?: (quotient: number, at: Tie) => number | undefined;
  /** Adds terms of convolutions in float32, in an order of its own. */
  readonly addInFloat32?: (terms: number) => readonly number[];
}

/** Executes a deploy graph as an engine would that decides some things its own way. */
export function runWithChoices(
  graph: Graph,
  weights: DeployedWeights,
  input: HostTensor,
  choices: Choices = {},
): { readonly output: HostTensor; readonly ties: readonly Tie[] } {
  const values = new Map<ValueId, Value>(constantsOf(graph, weights));
  const paths = instructionPaths(graph);
  const ties: Tie[] = [];
  const recorder = new Recorder(input.shape[0] ?? 0);
  for (const instruction of graph.instructions) {
    const { op, args, results, attributes } = instruction;
    const [result = ""] = results;
    if (values.has(result)) continue;
    const path = paths.get(result) ?? op;
    const operands = args.map((arg) => values.get(arg)!);
    const [x, second, bias] = operands;
    if (op === "input") values.set(result, input);
    else if (op === "quantize") {
      const bounds = { low: Number(attributes["low"]), high: Number(attributes["high"]) };
      const { step, range } = gridOf(dequantize(second!).data, bounds);
      const round = (quotient: number, index: number) => {
        const clipped = Math.min(Math.max(quotient, range.low), range.high);
        const below = Math.floor(clipped);
        if (clipped - below === 0.5) {
          ties.push({ path, index });
          const even = below % 2 === 0 ? below : below + 1;
          return choices.roundTie?.(clipped, { path, index }) ?? even;
        }
        return choices.round?.(clipped, { path, index }) ?? Math.round(clipped);
      };
      const { shape, data } = dequantize(x!);
      const levels = Int16Array.from(data, (number, i) => round(Math.fround(number / step[0]!), i));
      values.set(result, { shape, levels, step, largest: Math.max(-range.low, range.high) });
    } else if (op === "conv" && choices.addInFloat32) {
      const scaled = floatConv(x as Levels, second as Levels, attributes, choices.addInFloat32);
      const [a, b] = [x as Levels, second as Levels];
      const factors = multipliers(a.step, b.step);
      const term = bias && dequantize(bias).data;
      values.set(result, scaleSums(scaled.sums, scaled.shape, factors, term));
    } else {
      const site = { instruction, path, sources: new Set<string>(), recorder };
      values.set(result, integerInstructions[op]!(operands, site));
    }
  }
  return { output: dequantize(values.get(graph.outputs["output"] ?? "")!), ties };
}

/** A convolution whose sums are added in float32, in a given order of the terms. */
function floatConv(
  x: Levels,
  kernel: Levels,
  attributes: Readonly<Record<string, unknown>>,
  order: (terms: number) => readonly number[],
): { readonly shape: readonly number[]; readonly sums: Float64Array } {
  const isFlat = x.shape.length === 2;
  const [batch = 0, height = 0, width = 0, channels = 0] = isFlat
    ? [x.shape[0], 1, 1, x.shape[1]]
    : x.shape;
  const [rows = 1, columns = 1, inputs = 1, out = 1] = kernel.shape;
  const [top = 0, bottom = 0, left = 0, right = 0] = attributes["pads"] as readonly number[];
  const [stride, groups] = [Number(attributes["stride"]), Number(attributes["groups"])];
  const down = Math.floor((height + top + bottom - rows) / stride) + 1;
  const across = Math.floor((width + left + right - columns) / stride) + 1;
  const sums = new Float64Array(batch * down * across * out);
  for (let at = 0; at < sums.length; at++) {
    const o = at % out;
    const w = Math.floor(at / out) % across;
    const h = Math.floor(at / (out * across)) % down;
    const n = Math.floor(at / (out * across * down));
    const terms = Array.from({ length: rows * columns * inputs }, (_, tap) => {
      const i = tap % inputs;
      const column = w * stride - left + (Math.floor(tap / inputs) % columns);
      const row = h * stride - top + Math.floor(tap / (inputs * columns));
      if (row < 0 || row >= height || column < 0 || column >= width) return 0;
      const channel = Math.floor(o / (out / groups)) * inputs + i;
      const level = x.levels[((n * height + row) * width + column) * channels + channel]!;
      return level * kernel.levels[tap * out + o]!;
    });
    sums[at] = order(terms.length).reduce((sum, i) => Math.fround(sum + terms[i]!), 0);
  }
  return { shape: isFlat ? [batch, out] : [batch, down, across, out], sums };
}
