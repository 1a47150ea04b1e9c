import { findQuantizer } from "../quantizers/index.ts";
import { findStatistics } from "../statistics/index.ts";
import { withoutGradient } from "../statistics/without-gradient.ts";
import type { Argument } from "../../compiler/ir/plan.ts";
import type { Grid, Lowering, Row } from "./lowering.ts";
import { attribute, direct, geometry, isDilated } from "./lowering.ts";

/** Activations, quantizers and statistics. */
export const activationRows: Readonly<Record<string, Row>> = {
  statistics: lowerStatistics,
  quantize: lowerQuantize,
  quantize_range: lowerQuantize,
  conv: lowerConv,
  batch_norm: lowerBatchNorm,
  scale_channels: direct("scaleChannels"),
  add_channels: direct("addChannels"),
  pad: direct("padMap", "by"),
  crop: direct("cropMap", "by"),
  slice_channels: direct("sliceChannels", "first", "count"),
  concat_channels: direct("joinChannels"),
  add: direct("add"),
  subtract: direct("subtract"),
  negate: direct("negate"),
  relu: direct("relu"),
  prelu: direct("prelu"),
  global_avg: lowerGlobalAverage,
  max_pool: direct("maxPool", "size", "stride", "pads"),
  tile: direct("tileChannels", "times"),
  depth_to_space: direct("depthToSpace", "scale"),
};

function lowerQuantize(l: Lowering): void {
  findQuantizer(String(l.instruction.attributes["quantizer"])).lower(l);
}

function lowerStatistics(l: Lowering): void {
  if (l.mode === "eval") aliasRunning(l);
  else {
    const { mode, gradient } = l.instruction.attributes;
    findStatistics(String(mode)).lower(gradient === false ? withoutGradient(l) : l);
  }
}

/** Mean and variance are the running ones, the last two arguments. */
function aliasRunning(l: Lowering): void {
  l.alias(0, l.argument(-2));
  l.alias(1, l.argument(-1));
}

/** Both operands on a grid: integer sums. Otherwise a convolution of real numbers and, separately, the bias. */
function lowerConv(l: Lowering): void {
  const [x, kernel] = [l.grid(0), l.grid(1)];
  const bias = l.instruction.args.length > 2 ? [l.argument(2)] : [];
  if (x && kernel && isDilated(l)) {
    lowerDilatedLevels(l, x, kernel, bias);
    return;
  }
  if (x && kernel) {
    const operands = [x.levels, x.step, kernel.levels, kernel.step];
    l.call("quantizedConv", [...operands, geometry(l), ...bias]);
    return;
  }
  const operands = [l.argument(0), l.argument(1), geometry(l)];
  const primitive = isDilated(l) ? "dilatedConv" : "conv";
  if (bias.length === 0) {
    l.call(primitive, operands);
    return;
  }
  const sum = `${l.instruction.results[0]}.sum`;
  l.call(primitive, operands, [{ name: sum }]);
  l.call("addChannels", [{ value: sum }, ...bias]);
}

/** `quantizedConv` step by step: as its own primitive, a module without gaps would have to bring the code for them too. */
function lowerDilatedLevels(l: Lowering, x: Grid, kernel: Grid, bias: readonly Argument[]): void {
  const [levels, step, scaled] = ["levels", "step", "scaled"].map((part) => ({
    name: `${l.instruction.results[0]}.${part}`,
  }));
  const value = (result = levels!) => ({ value: result.name });
  l.call("dilatedConv", [x.levels, kernel.levels, geometry(l)], [levels!]);
  l.call("multiply", [x.step, kernel.step], [step!]);
  const operands = [value(levels), value(step)];
  if (bias.length === 0) {
    l.call("multiply", operands);
    return;
  }
  l.call("multiply", operands, [scaled!]);
  l.call("addChannels", [value(scaled), ...bias]);
}

function lowerGlobalAverage(l: Lowering): void {
  const grid = l.grid(0);
  if (grid) l.call("quantizedGlobalAverage", [grid.levels, grid.step]);
  else l.call("globalAverage", [l.argument(0)]);
}

/** Args x, gamma, beta, running mean, running variance. */
function lowerBatchNorm(l: Lowering): void {
  const mode = String(l.instruction.attributes["mode"] ?? "batch");
  const frozen = l.mode === "eval" || mode === "frozen";
  const [x, gamma, beta, mean, variance] = [0, 1, 2, 3, 4].map((n) => l.argument(n));
  const epsilon = attribute(l, "epsilon");
  if (frozen) {
    l.call("normalize", [x!, mean!, variance!, gamma!, beta!, epsilon]);
    return;
  }
  if (mode !== "batch") {
    throw new Error(`repqc bug: batch_norm has no statistics mode ${mode}`);
  }
  const name = l.instruction.results[0]!;
  const [batchMean, batchVariance] = [`${name}.mean`, `${name}.variance`];
  const { interior } = l.instruction.attributes;
  const rim = interior === undefined ? [] : [{ literal: interior }];
  l.call("batchNorm", [x!, gamma!, beta!, epsilon, ...rim], [
    { name, field: "y" },
    { name: batchMean, field: "mean" },
    { name: batchVariance, field: "variance" },
  ]); // prettier-ignore
  const momentum = attribute(l, "momentum");
  const positions = { literal: countInterior(l) };
  l.update(-2, "followMean", [mean!, { value: batchMean }, momentum]);
  l.update(-1, "followVariance", [variance!, { value: batchVariance }, momentum, x!, positions]);
}

/** Positions per image that count for a batch_norm's statistics. */
function countInterior(l: Lowering): number {
  const type = l.type(0);
  if (type.kind !== "map") return 1;
  const interior = (l.instruction.attributes["interior"] ?? [0, 0, 0, 0]) as readonly number[];
  const [top = 0, bottom = 0, left = 0, right = 0] = interior;
  return (type.height - top - bottom) * (type.width - left - right);
}
