/** The ONNX exporter's instruction table: one row per instruction that may stand in a deploy graph. */
import { shapeOf, type ValueType } from "../../compiler/ir/types.ts";
import {
  deployedWeight,
  gridOf,
  quantize,
  requireValidStep,
  type Range,
} from "../integer/index.ts";
import { convNodes, meanNodes } from "./onnx-sums.ts";
import type { NodeAttributes } from "./onnx-builder.ts";
import type { OnnxSite } from "./onnx-site.ts";
import { channelVector, constantOf, floatActivation, type OnnxValue } from "./onnx-value.ts";
import { activationStorage } from "./stored-type.ts";

interface SliceBounds {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly axes: readonly number[];
}

type Row = (args: readonly OnnxValue[], site: OnnxSite) => OnnxValue;

function argument(args: readonly OnnxValue[], index: number): OnnxValue {
  const value = args[index];
  if (!value) throw new Error(`repqc bug: argument ${index} is missing`);
  return value;
}

function number({ instruction }: OnnxSite, name: string): number {
  return Number(instruction.attributes[name]);
}

function by(site: OnnxSite): readonly [number, number, number, number] {
  const [top = 0, bottom = 0, left = 0, right = 0] = site.instruction.attributes[
    "by"
  ] as readonly number[];
  return [top, bottom, left, right];
}

function windowAttributes({ instruction }: OnnxSite): NodeAttributes {
  const { size, stride, pads } = instruction.attributes;
  const [top = 0, bottom = 0, left = 0, right = 0] = pads as readonly number[];
  return {
    kernel_shape: size as readonly number[],
    strides: [Number(stride), Number(stride)],
    pads: [top, left, bottom, right],
  };
}

function resultType({ instruction }: OnnxSite): ValueType {
  const type = instruction.types[0];
  if (!type) throw new Error(`repqc bug: ${instruction.op} has no result`);
  return type;
}

function activation(name: string): OnnxValue {
  return { kind: "activation", name };
}

/** A row for an ONNX operation on activations; `more` adds inputs. */
function operation(
  opType: string,
  more: (site: OnnxSite) => readonly string[] = () => [],
  attributes: (site: OnnxSite) => NodeAttributes = () => ({}),
): Row {
  return (args, site) => {
    const { onnx, path, instruction } = site;
    const inputs = [...args.map((arg) => floatActivation(site, arg)), ...more(site)];
    return activation(onnx.node(opType, inputs, `${path}.${instruction.op}`, attributes(site)));
  };
}

/** A row for a part of a map: onnxruntime moves a QuantizeLinear to before it, and then on. */
function slice(bounds: (site: OnnxSite) => SliceBounds): Row {
  return (args, site) => {
    const { onnx, path, instruction } = site;
    const { from, to, axes } = bounds(site);
    const value = argument(args, 0);
    const name = `${path}.${instruction.op}`;
    const inputs = [
      floatActivation(site, value),
      onnx.indices(`${name}.from`, from),
      onnx.indices(`${name}.to`, to),
      onnx.indices(`${name}.axes`, axes),
    ];
    return {
      kind: "activation",
      name: onnx.node("Slice", inputs, name),
      isPooled: isPooled(value),
    };
  };
}

function isPooled(value: OnnxValue): boolean {
  return value.kind === "activation" && value.isPooled === true;
}

/** A row for an ONNX operation on an activation and a vector per channel. */
function perChannel(opType: string): Row {
  return (args, site) => {
    const { onnx, path, instruction } = site;
    const x = floatActivation(site, argument(args, 0));
    const vector = channelVector(onnx, argument(args, 1));
    return activation(onnx.node(opType, [x, vector], `${path}.${instruction.op}`));
  };
}

const input: Row = (_, site) => {
  const { onnx, inputName } = site;
  if (resultType(site).kind === "map") return activation(inputName);
  const axes = onnx.indices(`${inputName}.axes`, [2, 3]);
  return activation(onnx.node("Unsqueeze", [inputName, axes], `${inputName}.map`));
};

const weight: Row = (_, site) => {
  const shape = shapeOf(resultType(site));
  return {
    kind: "constant",
    path: site.path,
    tensor: deployedWeight(site.weights, site.path, shape),
  };
};

const quantizeRow: Row = (args, site) => {
  const { onnx, path } = site;
  const range: Range = { low: number(site, "low"), high: number(site, "high") };
  const value = argument(args, 0);
  const step = constantOf(args[1]);
  if (value.kind === "constant") {
    const levels = quantize(value.tensor, step.tensor.data, range, path).value;
    return { kind: "kernel levels", path: value.path, levels, range };
  }
  const grid = gridOf(step.tensor.data, range);
  requireValidStep(grid.step, path);
  const x = floatActivation(site, value);
  const stepName = onnx.floats(step.path, [], grid.step);
  const type = activationStorage(range, isPooled(value));
  const inputs = [x, stepName, onnx.zeroPoint(type, grid.zero)];
  const name = onnx.node("QuantizeLinear", inputs, `${path}.levels`);
  return { kind: "levels", name, step: grid.step, stepName, range, zero: grid.zero, type };
};

export const onnxInstructions: Readonly<Record<string, Row>> = {
  input,
  weight,
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
    const [top, bottom, left, right] = by(site);
    const amounts = [0, 0, top, left, 0, 0, bottom, right];
    return [site.onnx.indices(`${site.path}.pad.by`, amounts), site.onnx.constant(0)];
  }),
  crop: slice((site) => {
    const [top, , left] = by(site);
    const type = resultType(site);
    if (type.kind !== "map") throw new Error("repqc bug: crop of something that is no map");
    return { from: [top, left], to: [top + type.height, left + type.width], axes: [2, 3] };
  }),
  slice_channels: slice((site) => {
    const first = number(site, "first");
    return { from: [first], to: [first + number(site, "count")], axes: [1] };
  }),
  concat_channels: operation(
    "Concat",
    () => [],
    () => ({ axis: 1 }),
  ),
  max_pool: (args, site) => {
    const inputs = args.map((arg) => floatActivation(site, arg));
    const name = site.onnx.node("MaxPool", inputs, `${site.path}.max_pool`, windowAttributes(site));
    return { kind: "activation", name, isPooled: true };
  },
  tile: operation("Tile", (site) => [
    site.onnx.indices(`${site.path}.tile.times`, [1, number(site, "times"), 1, 1]),
  ]),
  depth_to_space: operation(
    "DepthToSpace",
    () => [],
    // DCR (depth, column, row) is the order in which the channel index is offset first, channel last.
    (site) => ({ blocksize: number(site, "scale"), mode: "DCR" }),
  ),
};
