/** The ONNX exporter's instruction table: one row per instruction that may stand in a deploy graph. */
import { gridOf, requireValidStep } from "../integer/index.ts";
import { constantOf } from "./constant.ts";
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
} from "./graph-site.ts";
import { convNodes, meanNodes } from "./onnx-sums.ts";
import type { NodeAttributes } from "./onnx-builder.ts";
import { nameOf, operationRows } from "./operation-rows.ts";
import type { OnnxContext, OnnxSite } from "./onnx-site.ts";
import { channelVector, floatActivation, type OnnxValue } from "./onnx-value.ts";
import { activationStorage } from "./stored-type.ts";
import type { WriteInstruction } from "./write-graph.ts";

interface SliceBounds {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly axes: readonly number[];
}

type Row = WriteInstruction<OnnxValue, OnnxContext>;

function windowAttributes(site: OnnxSite): NodeAttributes {
  const [top, bottom, left, right] = rimOf(site, "pads");
  const stride = numberOf(site, "stride");
  return {
    kernel_shape: numbersOf(site, "size"),
    strides: [stride, stride],
    pads: [top, left, bottom, right],
  };
}

function activation(name: string): OnnxValue {
  return { kind: "activation", name };
}

const { operation, perChannel } = operationRows<OnnxValue, OnnxContext, NodeAttributes>({
  floats: floatActivation,
  vector: ({ onnx }, value) => channelVector(onnx, value),
  node: (site, op, inputs, attributes) =>
    activation(site.onnx.node(op, inputs, nameOf(site), attributes)),
});

/** A row for a part of a map: onnxruntime moves a QuantizeLinear to before it, and then on. */
function slice(bounds: (site: OnnxSite) => SliceBounds): Row {
  return (args, site) => {
    const { onnx } = site;
    const { from, to, axes } = bounds(site);
    const value = argument(args, 0);
    const name = nameOf(site);
    const inputs = [
      floatActivation(site, value),
      onnx.indices(`${name}.from`, from),
      onnx.indices(`${name}.to`, to),
      onnx.indices(`${name}.axes`, axes),
    ];
    return activation(onnx.node("Slice", inputs, name));
  };
}

const input: Row = (_, site) => {
  const { onnx, inputName } = site;
  if (resultTypeOf(site).kind === "map") return activation(inputName);
  const axes = onnx.indices(`${inputName}.axes`, [2, 3]);
  return activation(onnx.node("Unsqueeze", [inputName, axes], `${inputName}.map`));
};

const quantizeRow: Row = (args, site) => {
  const { onnx, path } = site;
  const range = rangeOf(site);
  const [value, step] = [argument(args, 0), constantOf(args[1])];
  if (value.kind === "constant") return levelKernelOf(value, step, site);
  const grid = gridOf(step.tensor.data, range);
  requireValidStep(grid.step, path);
  const x = floatActivation(site, value);
  const stepName = onnx.floats(step.path, [], grid.step);
  const type = activationStorage(range);
  const inputs = [x, stepName, onnx.zeroPoint(type, grid.zero)];
  const name = onnx.node("QuantizeLinear", inputs, `${path}.levels`);
  return { kind: "levels", name, step: grid.step, stepName, range, zero: grid.zero, type };
};

export const onnxInstructions: Readonly<Record<string, Row>> = {
  input,
  weight: (_, site) => weightOf(site),
  quantize: quantizeRow,
  conv: (args, site) => activation(convNodes(args, site)),
  global_avg: (args, site) => activation(meanNodes(args, site)),
  relu: operation("Relu"),
  negate: operation("Neg"),
  prelu: perChannel("PRelu"),
  scale_channels: perChannel("Mul"),
  add_channels: perChannel("Add"),
  add: operation("Add"),
  subtract: operation("Sub"),
  pad: operation("Pad", (site) => {
    const [top, bottom, left, right] = rimOf(site, "by");
    const amounts = [0, 0, top, left, 0, 0, bottom, right];
    return [site.onnx.indices(`${site.path}.pad.by`, amounts), site.onnx.constant(0)];
  }),
  crop: slice((site) => {
    const [top, , left] = rimOf(site, "by");
    const { height, width } = resultMapOf(site);
    return { from: [top, left], to: [top + height, left + width], axes: [2, 3] };
  }),
  slice_channels: slice((site) => {
    const first = numberOf(site, "first");
    return { from: [first], to: [first + numberOf(site, "count")], axes: [1] };
  }),
  concat_channels: operation(
    "Concat",
    () => [],
    () => ({ axis: 1 }),
  ),
  max_pool: (args, site) => {
    const inputs = args.map((arg) => floatActivation(site, arg));
    return activation(site.onnx.node("MaxPool", inputs, nameOf(site), windowAttributes(site)));
  },
  tile: operation("Tile", (site) => [
    site.onnx.indices(`${site.path}.tile.times`, [1, numberOf(site, "times"), 1, 1]),
  ]),
  depth_to_space: operation(
    "DepthToSpace",
    () => [],
    // DCR (depth, column, row) is the order in which the channel index is offset first, channel last.
    (site) => ({ blocksize: numberOf(site, "scale"), mode: "DCR" }),
  ),
};
