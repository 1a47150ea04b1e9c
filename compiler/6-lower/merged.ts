import type {
  AffineMap,
  AffineStep,
  GraphBuilder,
  Island,
  NodeQuantizers,
  Provider,
  StatisticsMode,
  ValueId,
} from "../ir/index.ts";
import {
  compose,
  identityMap,
  interiorPads,
  materialize,
  placesOf,
  pointExtent,
  recordingAlgebra,
  type Place,
} from "../ir/index.ts";
import { quantized, quantizedKernel } from "./quantize.ts";
import { runningStatistics, stepWeight } from "./weights.ts";

/** Kernel and bias of an island from its weights and running statistics: the merge of trained weights. */
export function mergeIsland(
  builder: GraphBuilder,
  island: Island,
): { kernel: ValueId; bias: ValueId } {
  return composed(builder, island, (step) => runningStatistics(builder, step));
}

/**
 * RepQ: `Q(X) * Q(M(X, W)) + b(X, W)`. Statistics are those of the batch, measured on X by one convolution with the kernel composed so far
 * (RepQ, Algorithm 1, for every normalization of the block).
 */
export function lowerMerged(
  builder: GraphBuilder,
  island: Island,
  x: ValueId,
  quantizers: NodeQuantizers,
  statistics: StatisticsMode,
): ValueId {
  const places = placesOf(island.body, island.promised);
  const seen =
    statistics.options["of"] === "quantized" ? quantized(builder, x, quantizers.input) : x;
  const { kernel, bias } = composed(builder, island, (step, before) =>
    measuredStatistics(builder, seen, step, before, places.get(step), statistics),
  );
  return convolve(builder, island, [x, kernel, bias], quantizers);
}

/** The promised convolution, its operands quantized where quantizers say so; a deployed kernel has a step of its own in any case. */
export function convolve(
  builder: GraphBuilder,
  { promised: { stride, pads, groups } }: Island,
  [x, kernel, bias]: readonly [ValueId, ValueId, ValueId],
  quantizers: NodeQuantizers,
  onGrid: typeof quantized = quantizedKernel,
): ValueId {
  const input = quantized(builder, x, quantizers.input);
  const levels = onGrid(builder, kernel, quantizers.kernel);
  return builder.emit("conv", [input, levels, bias], { stride, pads, groups });
}

function composed(
  builder: GraphBuilder,
  { body, promised }: Island,
  statistics: Provider<ValueId, ValueId>["statistics"],
): { kernel: ValueId; bias: ValueId } {
  const algebra = recordingAlgebra(builder);
  const provider = {
    algebra,
    weight: (step: AffineStep, name: string) => stepWeight(builder, step, name),
    statistics,
  };
  return materialize(
    algebra,
    compose(provider, body, identityMap(body.in)),
    promised.extent,
    promised.groups,
  );
}

function measuredStatistics(
  builder: GraphBuilder,
  x: ValueId,
  step: AffineStep,
  before: AffineMap<ValueId, ValueId>,
  place: Place | undefined,
  { mode, options }: StatisticsMode,
): { mean: ValueId; variance: ValueId } {
  if (!place) throw new Error("repqc bug: a step without a place");
  const running = runningStatistics(builder, step);
  const momentum = (step.params as { momentum: number }).momentum;
  const { of: _, ...own } = options;
  const shared = { path: step.path, mode, momentum, ...own };
  const [top, bottom, left, right] = interiorPads(place);
  const outside = [top, bottom, left, right].map((side) => Math.max(0, side));
  const inside = [top, bottom, left, right].map((side) => Math.max(0, -side));
  const seen = resized(builder, "crop", x, inside);
  const isInput = !before.kernel && before.scale === undefined && before.bias === undefined;
  const whole = resized(builder, "pad", seen, outside);
  const results = isInput
    ? builder.emitAll("statistics", [whole, running.mean, running.variance], shared)
    : builder.emitAll(
        "statistics",
        [seen, ...prefix(builder, before), running.mean, running.variance],
        {
          ...shared,
          stride: place.stride,
          pads: outside,
          groups: before.kernel?.groups ?? before.out,
        },
      );
  const [mean, variance] = results;
  if (mean === undefined || variance === undefined)
    throw new Error("repqc bug: statistics without results");
  return { mean, variance };
}

function resized(
  builder: GraphBuilder,
  op: "crop" | "pad",
  x: ValueId,
  by: readonly number[],
): ValueId {
  return by.some((side) => side > 0) ? builder.emit(op, [x], { by }) : x;
}

/** Kernel, and bias where there is one, of the map from the block's input to a normalization. */
function prefix(builder: GraphBuilder, before: AffineMap<ValueId, ValueId>): readonly ValueId[] {
  const extent = before.kernel?.extent ?? pointExtent;
  const groups = before.kernel?.groups ?? before.out;
  const { kernel } = materialize(recordingAlgebra(builder), before, extent, groups);
  return before.bias === undefined ? [kernel] : [kernel, before.bias];
}
