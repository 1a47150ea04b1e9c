import type {
  Affine,
  AffineJoin,
  AffineStep,
  AffineSum,
  ConvGeometry,
  GraphBuilder,
  Island,
  NodeQuantizers,
  Pads,
  Place,
  Quantizer,
  ValueId,
} from "../ir/index.ts";
import {
  compose,
  declarationsOf,
  extentOf,
  geometryAttributes,
  identityMap,
  insetPlace,
  materialize,
  partsOf,
  placeBehind,
  recordingAlgebra,
  startPlace,
  stepLattice,
  stepsOf,
  strideBearers,
  weightPath,
} from "../ir/index.ts";
import { isFoldable, stretches, type Execution } from "./branch-stretches.ts";
import { quantized, quantizedKernel } from "./quantize.ts";
import { stepWeight } from "./weights.ts";

/** A value and whether the margin of its place still has to be put around it. */
interface Flow {
  readonly value: ValueId;
  readonly place: Place;
  readonly isPadded: boolean;
}

interface Context {
  readonly builder: GraphBuilder;
  readonly island: Island;
  readonly execution: Execution;
  readonly bearers: ReadonlySet<AffineStep>;
  /** The block's input, whose quantizer all branches share. */
  readonly x: ValueId;
  /** Of the baseline that quantizes every convolution by itself. */
  readonly quantizers: ReadonlyMap<AffineStep, NodeQuantizers>;
  /** Of what enters the block, where branches do not say otherwise. */
  readonly inputQuantizer: Quantizer | undefined;
}

/** An island branch by branch, BN with the statistics of what enters it. */
export function lowerBranches(
  builder: GraphBuilder,
  island: Island,
  x: ValueId,
  execution: Execution,
  quantizers: Context["quantizers"] = new Map(),
  inputQuantizer?: Quantizer,
): ValueId {
  const context = {
    builder,
    island,
    execution,
    bearers: strideBearers(island.body),
    x,
    quantizers,
    inputQuantizer,
  };
  const place = insetPlace(
    startPlace(island.promised),
    island.promised.extent,
    extentOf(island.body),
  );
  return padded(context, run(context, island.body, { value: x, place, isPadded: false })).value;
}

function run(context: Context, map: Affine, flow: Flow): Flow {
  if (context.execution === "folded" && isFoldable(map)) return runFolded(context, map, flow);
  switch (map.kind) {
    case "step":
      return runStep(context, map, flow);
    case "chain": {
      const parts = stretches(context.execution, map.steps);
      // One stretch that is not folded has no taps: there is nothing to cut.
      const steps = parts.length === 1 ? map.steps : parts;
      return steps.reduce((at, part) => run(context, part, at), flow);
    }
    case "sum":
      return runSum(context, map, flow);
    case "concat":
    case "split": {
      const ends = map.parts.map((_, index) => runPart(context, map, index, flow));
      const value = context.builder.emit(
        "concat_channels",
        ends.map((end) => end.value),
      );
      return { ...joined(map, flow, ends[0]), value };
    }
  }
}

/** Terms are added as they come, so that none waits for the others. */
function runSum(context: Context, map: AffineSum, flow: Flow): Flow {
  let total: Flow | undefined;
  map.terms.forEach(({ sign }, index) => {
    const end = runPart(context, map, index, flow);
    total = accumulate(context, total, end, sign);
  });
  return joined(map, flow, total);
}

/** A term or part, from its own place on. */
function runPart(context: Context, map: AffineSum | AffineJoin, index: number, flow: Flow): Flow {
  const part = partsOf(map)[index];
  if (!part) throw new Error(`repqc bug: there is no part ${index}`);
  const place = insetPlace(flow.place, extentOf(map), extentOf(part));
  const start = flow.isPadded ? cropped(context, flow, place) : { ...flow, place };
  const seen = map.kind === "split" ? shared(context, start, map, index) : start;
  return padded(context, run(context, part, seen));
}

/** A part's share of the channels. */
function shared({ builder }: Context, flow: Flow, map: AffineJoin, index: number): Flow {
  const count = map.in / map.parts.length;
  const attributes = { first: index * count, count };
  return { ...flow, value: builder.emit("slice_channels", [flow.value], attributes) };
}

/** Together the parts lie where the widest of them do. */
function joined(map: AffineSum | AffineJoin, { place }: Flow, first: Flow | undefined): Flow {
  if (!first) throw new Error("repqc bug: a sum without terms");
  const stride = first.place.stride / place.stride;
  return { ...first, place: placeBehind(place, extentOf(map), stride) };
}

function accumulate({ builder }: Context, total: Flow | undefined, term: Flow, sign: 1 | -1): Flow {
  if (!total) return sign === 1 ? term : { ...term, value: builder.emit("negate", [term.value]) };
  const op = sign === 1 ? "add" : "subtract";
  return { ...total, value: builder.emit(op, [total.value, term.value]) };
}

function runStep(context: Context, step: AffineStep, flow: Flow): Flow {
  const { builder } = context;
  if (step.op.normalizes) return normalized(context, step, padded(context, flow));
  const weights: Record<string, ValueId> = {};
  for (const name of Object.keys(declarationsOf(step)))
    weights[name] = stepWeight(builder, step, name);
  const channels = { in: step.in, out: step.out };
  const { kernel, scale, bias } = step.op.affine(
    recordingAlgebra(builder),
    weights as never,
    step.params,
    channels,
  );
  if (kernel !== undefined) {
    const turned = step.isFlipped ? builder.emit("flip_kernel", [kernel]) : kernel;
    return convolvedOnGrid(context, step, flow, turned, bias);
  }
  if (scale === undefined && bias === undefined) return flow;
  const { value, ...rest } = padded(context, flow);
  const scaled = scale === undefined ? value : builder.emit("scale_channels", [value, scale]);
  return {
    ...rest,
    value: bias === undefined ? scaled : builder.emit("add_channels", [scaled, bias]),
  };
}

/** A convolution of the branch; where quantizers say so, a learned kernel and what it sees lie on a grid. */
function convolvedOnGrid(
  context: Context,
  step: AffineStep,
  flow: Flow,
  kernel: ValueId,
  bias: ValueId | undefined,
): Flow {
  const { builder, bearers, island, quantizers, x } = context;
  const stride = bearers.has(step) ? island.promised.stride : 1;
  const place = placeBehind(flow.place, extentOf(step), stride);
  const groups = step.op.groups(step.params, { in: step.in, out: step.out });
  const windows = { stride, groups, dilation: Math.max(1, stepLattice(step)) };
  if (declarationsOf(step)["kernel"] === undefined) {
    return { ...convolved(context, flow, kernel, bias, windows), place };
  }
  const own = quantizers.get(step) ?? {};
  const input = flow.value === x ? sharedInput(own.input, context) : own.input;
  const seen = { ...flow, value: quantized(builder, flow.value, input) };
  return {
    ...convolved(context, seen, quantizedKernel(builder, kernel, own.kernel), bias, windows),
    place,
  };
}

/** Branches that see the block's very input on the same grid share its step. */
function sharedInput(
  input: Quantizer | undefined,
  { island, inputQuantizer: shared }: Context,
): Quantizer | undefined {
  if (!input || !shared) return input;
  const grid = ({ quantizer, low, high, options }: Quantizer) =>
    JSON.stringify([quantizer, low, high, options]);
  if (grid(input) !== grid(shared)) return input;
  return { ...shared, path: weightPath(island.path, "input") };
}

/** Pending padding goes into the convolution itself. */
function convolved(
  context: Context,
  flow: Flow,
  kernel: ValueId,
  bias: ValueId | undefined,
  windows: Omit<ConvGeometry, "pads">,
): Flow {
  const start = flow.isPadded || isInside(flow.place.margin) ? padded(context, flow) : flow;
  const pads: Pads = start.isPadded ? [0, 0, 0, 0] : start.place.margin;
  const args = bias === undefined ? [start.value, kernel] : [start.value, kernel, bias];
  return {
    ...start,
    value: context.builder.emit("conv", args, geometryAttributes({ ...windows, pads })),
    isPadded: true,
  };
}

function normalized(context: Context, step: AffineStep, flow: Flow): Flow {
  const { builder } = context;
  const [gamma, beta, mean, variance] = ["gamma", "beta", "mean", "variance"].map((name) =>
    stepWeight(builder, step, name),
  );
  const { epsilon, momentum } = step.params as { epsilon: number; momentum: number };
  const args = [flow.value, gamma, beta, mean, variance].map((id) => id ?? "");
  const attributes = { path: step.path, epsilon, momentum, interior: flow.place.rim };
  return { ...flow, value: builder.emit("batch_norm", args, attributes) };
}

/** A linear stretch as the one convolution that it is. */
function runFolded(context: Context, map: Affine, flow: Flow): Flow {
  const { builder, island, bearers } = context;
  const algebra = recordingAlgebra(builder);
  const statistics = () => {
    throw new Error("repqc bug: a folded stretch with a normalization");
  };
  const weight = (step: AffineStep, name: string) => stepWeight(builder, step, name);
  const own = compose({ algebra, weight, statistics }, map, identityMap<ValueId, ValueId>(map.in));
  if (!own.kernel) throw new Error("repqc bug: a folded stretch without taps");
  const { extent, groups } = own.kernel;
  const dilation = Math.max(1, own.kernel.dilation);
  const { kernel } = materialize(algebra, own, { extent, groups, dilation });
  const stride = stepsOf(map).some((step) => bearers.has(step)) ? island.promised.stride : 1;
  const next = convolved(context, flow, kernel, own.bias, { stride, groups, dilation });
  return { ...next, place: placeBehind(flow.place, extent, stride) };
}

/** Puts the pending margin around a value: zeros outside the input, or a crop inside it. */
function padded({ builder }: Context, flow: Flow): Flow {
  if (flow.isPadded) return flow;
  const { margin } = flow.place;
  const outside = margin.map((side) => Math.max(0, side));
  const inside = margin.map((side) => Math.max(0, -side));
  let value = flow.value;
  if (inside.some((side) => side > 0)) value = builder.emit("crop", [value], { by: inside });
  if (outside.some((side) => side > 0)) value = builder.emit("pad", [value], { by: outside });
  return { ...flow, value, isPadded: true };
}

/** A padded value seen from a place further in. */
function cropped({ builder }: Context, flow: Flow, place: Place): Flow {
  const by = flow.place.margin.map((side, index) => side - (place.margin[index] ?? 0));
  const value = by.some((side) => side > 0)
    ? builder.emit("crop", [flow.value], { by })
    : flow.value;
  return { ...flow, value, place };
}

function isInside(margin: Pads): boolean {
  return margin.some((side) => side < 0);
}
