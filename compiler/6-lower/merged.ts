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
  geometryAttributes,
  identityMap,
  interiorPads,
  mapExtents,
  materialize,
  placesOf,
  pointLattice,
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
  { promised }: Island,
  [x, kernel, bias]: readonly [ValueId, ValueId, ValueId],
  quantizers: NodeQuantizers,
  onGrid: typeof quantized = quantizedKernel,
): ValueId {
  const input = quantized(builder, x, quantizers.input);
  const levels = onGrid(builder, kernel, quantizers.kernel);
  return builder.emit("conv", [input, levels, bias], geometryAttributes(promised));
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
  return materialize(algebra, compose(provider, body, identityMap(body.in)), promised);
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
  const pads = interiorPads(place);
  const outside = mapExtents([pads], ([side = 0]) => Math.max(0, side));
  const inside = mapExtents([pads], ([side = 0]) => Math.max(0, -side));
  const seen = resized(builder, "crop", x, inside);
  const isInput = !before.kernel && before.scale === undefined && before.bias === undefined;
  const whole = resized(builder, "pad", seen, outside);
  const prefix = prefixOf(before);
  const geometry = { stride: place.stride, pads: outside, ...prefix };
  const results = isInput
    ? builder.emitAll("statistics", [whole, running.mean, running.variance], shared)
    : builder.emitAll(
        "statistics",
        [seen, ...prefixWeights(builder, before, prefix), running.mean, running.variance],
        { ...shared, ...geometryAttributes(geometry) },
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

/** What the map from the block's input to a normalization is as one convolution. */
function prefixOf({ kernel, out }: AffineMap<ValueId, ValueId>): Parameters<typeof materialize>[2] {
  const { extent, dilation } = kernel ?? pointLattice;
  return { extent, dilation: Math.max(1, dilation), groups: kernel?.groups ?? out };
}

/** Its kernel, and its bias where there is one. */
function prefixWeights(
  builder: GraphBuilder,
  before: AffineMap<ValueId, ValueId>,
  prefix: ReturnType<typeof prefixOf>,
): readonly ValueId[] {
  const { kernel } = materialize(recordingAlgebra(builder), before, prefix);
  return before.bias === undefined ? [kernel] : [kernel, before.bias];
}
