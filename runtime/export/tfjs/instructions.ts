/** The GraphModel exporter's instruction table: one row per instruction that may stand in a deploy graph. */
import { gridOf, requireValidStep } from "../../integer/index.ts";
import { constantOf } from "../constant.ts";
import {
  argument,
  levelKernelOf,
  numberOf,
  numbersOf,
  rangeOf,
  resultMapOf,
  resultTypeOf,
  rimOf,
  weightOf,
} from "../graph-site.ts";
import { nameOf, operationRows } from "../operation-rows.ts";
import type { WriteInstruction } from "../write-graph.ts";
import type { GraphBuilder, NodeAttributes } from "./graph-builder.ts";
import { convNodes, meanNodes } from "./sums.ts";
import {
  activation,
  channelVector,
  floatActivation,
  type TfjsSite,
  type TfjsValue,
} from "./value.ts";

/** What every row of this table knows besides its site. */
export interface TfjsContext {
  readonly graph: GraphBuilder;
  readonly inputName: string;
}

type Site = TfjsSite & TfjsContext;
type Row = WriteInstruction<TfjsValue, TfjsContext>;

/** Smaller than every number of a network. Not -infinity, which not every GPU has. */
const lowest = -3.4028234663852886e38;

const { operation, perChannel } = operationRows<TfjsValue, TfjsContext, NodeAttributes>({
  floats: floatActivation,
  vector: channelVector,
  node: (site, op, inputs, attributes) =>
    activation(site.graph.node(op, inputs, nameOf(site), attributes)),
});

/** Rank of an activation with its batch. */
function rankOf(site: Site): number {
  return resultTypeOf(site).kind === "map" ? 4 : 2;
}

/** Begin and size of a part, as inputs of a Slice; a size of -1 reaches to the end. */
function part(site: Site, begin: readonly number[], size: readonly number[]): readonly string[] {
  const name = nameOf(site);
  return [site.graph.integers(`${name}.begin`, begin), site.graph.integers(`${name}.size`, size)];
}

/** Zeros for all axes but the last. */
function onLastAxis(site: Site, value: number, others: number): readonly number[] {
  return Array.from({ length: rankOf(site) }, (_, axis, last = rankOf(site) - 1) =>
    axis === last ? value : others,
  );
}

/** Rows and columns around a map, as input of a Pad. */
function paddings(site: Site, attribute: "pads" | "by"): string {
  const amounts = [0, 0, ...rimOf(site, attribute), 0, 0];
  return site.graph.integers(`${nameOf(site)}.paddings`, amounts, [4, 2]);
}

/**
 * Levels round_half_even(clip(v / step)). Thresholds from a table would be exact also where a division is not, but a gather for every number
 * takes longer than the convolution behind it.
 */
const quantizeRow: Row = (args, site) => {
  const { graph, path } = site;
  const [value, step] = [argument(args, 0), constantOf(args[1])];
  if (value.kind === "constant") return levelKernelOf(value, step, site);
  const grid = gridOf(step.tensor.data, rangeOf(site));
  requireValidStep(grid.step, path);
  const stepName = graph.floats(step.path, [], grid.step);
  const { low, high } = grid.range;
  const ratio = graph.node("RealDiv", [floatActivation(site, value), stepName], `${path}.ratio`);
  const bounds = [graph.constant(low), graph.constant(high)];
  const clipped = graph.node("ClipByValue", [ratio, ...bounds], `${path}.clipped`);
  const name = graph.node("Round", [clipped], `${path}.levels`);
  return { kind: "levels", name, step: grid.step, stepName };
};

const maxPool: Row = (args, site) => {
  const { graph } = site;
  const [height = 1, width = 1] = numbersOf(site, "size");
  const stride = numberOf(site, "stride");
  const name = nameOf(site);
  let x = floatActivation(site, argument(args, 0));
  if (rimOf(site, "pads").some((amount) => amount > 0)) {
    x = graph.node("PadV2", [x, paddings(site, "pads"), graph.constant(lowest)], `${name}.padded`);
  }
  const window = { ksize: [1, height, width, 1], strides: [1, stride, stride, 1] };
  const attributes = { ...window, padding: "VALID", data_format: "NHWC" };
  return activation(graph.node("MaxPool", [x], name, attributes));
};

export const tfjsInstructions: Readonly<Record<string, Row>> = {
  input: (_, { inputName }) => activation(inputName),
  weight: (_, site) => weightOf(site),
  quantize: quantizeRow,
  conv: (args, site) => activation(convNodes(args, site)),
  global_avg: (args, site) => activation(meanNodes(args, site)),
  relu: operation("Relu"),
  negate: operation("Neg"),
  prelu: perChannel("Prelu"),
  scale_channels: perChannel("Mul"),
  add_channels: perChannel("AddV2"),
  add: operation("AddV2"),
  subtract: operation("Sub"),
  pad: operation("Pad", (site) => [paddings(site, "by")]),
  crop: operation("Slice", (site) => {
    const [top, , left] = rimOf(site, "by");
    const { height, width } = resultMapOf(site);
    return part(site, [0, top, left, 0], [-1, height, width, -1]);
  }),
  slice_channels: operation("Slice", (site) => {
    const [first, count] = [numberOf(site, "first"), numberOf(site, "count")];
    return part(site, onLastAxis(site, first, 0), onLastAxis(site, count, -1));
  }),
  concat_channels: operation(
    "ConcatV2",
    (site) => [site.graph.index(rankOf(site) - 1)],
    ({ instruction }) => ({ N: instruction.args.length }),
  ),
  max_pool: maxPool,
  tile: operation("Tile", (site) => [
    site.graph.integers(`${nameOf(site)}.multiples`, onLastAxis(site, numberOf(site, "times"), 1)),
  ]),
  // TensorFlow's order of channels is the instruction's own.
  depth_to_space: operation(
    "DepthToSpace",
    () => [],
    (site) => ({ block_size: numberOf(site, "scale"), data_format: "NHWC" }),
  ),
};
