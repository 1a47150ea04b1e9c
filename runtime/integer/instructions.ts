/**
 * The integer executor's instruction table: one row per instruction that may stand in a deploy graph. `conv` and `global_avg` add integer
 * levels; everything else works on float32 numbers, each operation rounded once.
 */
import { readGeometry } from "../../compiler/ir/conv-geometry.ts";
import type { Attribute, Instruction } from "../../compiler/ir/graph.ts";
import type { HostTensor } from "../safetensors.ts";
import { convolveLevels, type Sums } from "./convolve-levels.ts";
import { multipliers, scaleSums } from "./epilogue.ts";
import { NoIntegerForm } from "./errors.ts";
import { maxPool } from "./max-pool.ts";
import { sumPositions } from "./mean.ts";
import { each, pairwise, perChannel } from "./pointwise.ts";
import { gridOf } from "./grid-of.ts";
import { quantize } from "./quantize.ts";
import { concatChannels, depthToSpace, resize, sliceChannels, tile } from "./rearrange.ts";
import { recordSums, type Recorder } from "./report.ts";
import { dequantize, isQuantized, type Levels, type Value } from "./value.ts";

/** What a row may know besides its arguments. */
export interface Site {
  readonly instruction: Instruction;
  readonly path: string;
  /** Paths of the sums that the result depends on. */
  readonly sources: ReadonlySet<string>;
  readonly recorder: Recorder;
}

type Row = (args: readonly Value[], site: Site) => Value;

function argument(args: readonly Value[], index: number): Value {
  const value = args[index];
  if (!value) throw new Error(`repqc bug: argument ${index} is missing`);
  return value;
}

function number(site: Site, name: string): number {
  return attribute(site, name, (value) => typeof value === "number") as number;
}

function numbers(site: Site, name: string): readonly number[] {
  return attribute(site, name, Array.isArray) as readonly number[];
}

function attribute(site: Site, name: string, is: (value: unknown) => boolean): Attribute {
  const value = site.instruction.attributes[name];
  if (value === undefined || !is(value)) {
    throw new Error(`repqc bug: ${site.instruction.op} at ${site.path} lacks ${name}`);
  }
  return value;
}

/** A row for float32 operations. */
function floats(f: (args: readonly HostTensor[], site: Site) => HostTensor): Row {
  return (args, site) => f(args.map(dequantize), site);
}

function unary(f: (x: HostTensor, site: Site) => HostTensor): Row {
  return floats((args, site) => f(argument(args, 0) as HostTensor, site));
}

function binary(f: (a: HostTensor, b: HostTensor) => HostTensor): Row {
  return floats((args) => f(argument(args, 0) as HostTensor, argument(args, 1) as HostTensor));
}

function levelsOf(value: Value, operand: string, site: Site): Levels {
  if (isQuantized(value)) return value;
  const { op, results } = site.instruction;
  throw new NoIntegerForm(site.path, op, [operand], results[0] ?? "");
}

function epilogue(sums: Sums, site: Site, multiplier: Float32Array, bias?: Value): HostTensor {
  recordSums(site.recorder.accumulator(site.path), sums.sums, sums.bound);
  return scaleSums(sums.sums, sums.shape, multiplier, bias && dequantize(bias).data);
}

const conv: Row = (args, site) => {
  const x = levelsOf(argument(args, 0), "its input", site);
  const kernel = levelsOf(argument(args, 1), "its kernel", site);
  const sums = convolveLevels(x, kernel, readGeometry(site.instruction.attributes));
  return epilogue(sums, site, multipliers(x.step, kernel.step), args[2]);
};

const globalAverage: Row = (args, site) => {
  const x = levelsOf(argument(args, 0), "its input", site);
  const [, height = 1, width = 1] = x.shape;
  const multiplier = x.step.map((step) => step / (height * width));
  return epilogue(sumPositions(x), site, multiplier);
};

const quantizeRow: Row = (args, site) => {
  const [value, step] = args.map(dequantize);
  if (!value || !step) throw new Error("repqc bug: quantize needs a value and a step");
  const bounds = { low: number(site, "low"), high: number(site, "high") };
  const isActivation = site.instruction.types[0]?.kind !== "kernel";
  const grid = isActivation ? gridOf(step.data, bounds) : { step: step.data, range: bounds };
  const quantized = quantize(value, grid.step, grid.range, site.path);
  site.recorder.quantized(site.path, site.sources, isActivation, quantized);
  return quantized.value;
};

export const integerInstructions: Readonly<Record<string, Row>> = {
  quantize: quantizeRow,
  conv,
  global_avg: globalAverage,
  relu: unary((x) => each(x, (v) => Math.max(v, 0))),
  negate: unary((x) => each(x, (v) => -v)),
  prelu: binary((x, alpha) => perChannel(x, alpha, (v, slope) => (v >= 0 ? v : slope * v))),
  scale_channels: binary((x, vector) => perChannel(x, vector, (v, factor) => v * factor)),
  add_channels: binary((x, vector) => perChannel(x, vector, (v, term) => v + term)),
  add: binary((a, b) => pairwise(a, b, (v, w) => v + w)),
  subtract: binary((a, b) => pairwise(a, b, (v, w) => v - w)),
  pad: unary((x, site) => resize(x, numbers(site, "by"))),
  crop: unary((x, site) =>
    resize(
      x,
      numbers(site, "by").map((n) => -n),
    ),
  ),
  slice_channels: unary((x, site) =>
    sliceChannels(x, number(site, "first"), number(site, "count")),
  ),
  concat_channels: floats(concatChannels),
  max_pool: unary((x, site) =>
    maxPool(x, {
      size: numbers(site, "size"),
      stride: number(site, "stride"),
      pads: numbers(site, "pads"),
    }),
  ),
  tile: unary((x, site) => tile(x, number(site, "times"))),
  depth_to_space: unary((x, site) => depthToSpace(x, number(site, "scale"))),
};
