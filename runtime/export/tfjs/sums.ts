import { readGeometry } from "../../../compiler/ir/conv-geometry.ts";
import { multipliers } from "../../integer/index.ts";
import { argument, kernelTypeOf, numberOf } from "../graph-site.ts";
import { computable } from "./computable.ts";
import type { NodeAttributes } from "./graph-builder.ts";
import {
  channelVector,
  floatActivation,
  kernelTensor,
  type KernelPart,
  type TfjsSite,
  type TfjsValue,
} from "./value.ts";

/** A convolution's input by name, and what of its kernel is in the model. */
interface Operands {
  readonly input: string;
  readonly kernel: TfjsValue;
  readonly scale: "step" | "none";
}

/**
 * Convolution with its scaling and bias; returns the result's name. Of levels: their integer sum, times fl(step_x · step_k), plus the bias,
 * in nodes of their own, so that each is rounded once.
 */
export function convNodes(args: readonly TfjsValue[], site: TfjsSite): string {
  const { graph, path } = site;
  const [x, kernel] = [argument(args, 0), argument(args, 1)];
  const bias = args[2];
  const sumName = `${path}.sums`;
  if (x.kind === "levels" && kernel.kind === "kernel levels") {
    const sums = sumNodes({ input: x.name, kernel, scale: "none" }, sumName, site);
    const each = multipliers(x.step, kernel.levels.step);
    const shape = each.length === 1 ? [] : [each.length];
    const multiplier = graph.floats(`${path}.multiplier`, shape, each);
    return biasNode(graph.node("Mul", [sums, multiplier], `${path}.scaled`), bias, site);
  }
  const input = floatActivation(site, x);
  return biasNode(sumNodes({ input, kernel, scale: "step" }, sumName, site), bias, site);
}

function biasNode(sums: string, bias: TfjsValue | undefined, site: TfjsSite): string {
  if (!bias) return sums;
  return site.graph.node("AddV2", [sums, channelVector(site, bias)], `${site.path}.conv`);
}

function sumNodes(given: Operands, name: string, of: TfjsSite): string {
  const { site, kernel } = computable(of, given.kernel);
  const operands = { ...given, kernel };
  const groups = numberOf(site, "groups");
  if (site.argumentTypes[0]?.kind === "map") return mapSums(operands, name, site);
  return groups === 1 ? matrixProduct(operands, name, site) : pixelSums(operands, name, site);
}

/** A 1x1 convolution of features. */
function matrixProduct({ input, kernel, scale }: Operands, name: string, site: TfjsSite): string {
  const { in: inputs, out } = kernelTypeOf(site);
  const matrix = kernelOf(site, kernel, scale, { suffix: "", shape: [inputs, out] });
  const attributes = { transpose_a: false, transpose_b: false };
  return site.graph.node("MatMul", [input, matrix], name, attributes);
}

/** Features in groups are a map of one pixel. */
function pixelSums(operands: Operands, name: string, site: TfjsSite): string {
  const { graph } = site;
  const { in: inputs, out, groups } = kernelTypeOf(site);
  const pixel = graph.integers(`${name}.pixel.shape`, [-1, 1, 1, inputs * groups]);
  const input = graph.node("Reshape", [operands.input, pixel], `${name}.pixel`);
  const sums = mapSums({ ...operands, input }, `${name}.of.pixel`, site);
  return graph.node("Reshape", [sums, graph.integers(`${name}.shape`, [-1, out])], name);
}

/** TensorFlow.js has no groups: each is a convolution of its own, unless it has one channel. */
function mapSums({ input, kernel, scale }: Operands, name: string, site: TfjsSite): string {
  const { graph } = site;
  const { height, width, in: inputs, out, groups } = kernelTypeOf(site);
  const window = windowAttributes(site);
  if (groups === 1) {
    const shape = [height, width, inputs, out];
    const whole = kernelOf(site, kernel, scale, { suffix: "", shape });
    return graph.node("Conv2D", [input, whole], name, window);
  }
  if (inputs === 1) {
    const shape = [height, width, groups, out / groups];
    const whole = kernelOf(site, kernel, scale, { suffix: "", shape });
    return graph.node("DepthwiseConv2dNative", [input, whole], name, window);
  }
  const split = { num_split: groups };
  const parts = graph.node("Split", [graph.index(3), input], `${name}.groups`, split);
  const each = out / groups;
  const sums = Array.from({ length: groups }, (_, g) => {
    const part = { suffix: `.${g}`, shape: [height, width, inputs, each] };
    const own = kernelOf(site, kernel, scale, { ...part, outputs: [g * each, (g + 1) * each] });
    return graph.node("Conv2D", [`${parts}:${g}`, own], `${name}.${g}`, window);
  });
  return graph.node("ConcatV2", [...sums, graph.index(3)], name, { N: groups });
}

function kernelOf(
  site: TfjsSite,
  kernel: TfjsValue,
  scale: Operands["scale"],
  part: Omit<KernelPart, "outputs"> & Partial<KernelPart>,
): string {
  const type = kernelTypeOf(site);
  return kernelTensor(site, kernel, type, { outputs: [0, type.out], ...part }, scale);
}

function windowAttributes({ instruction }: TfjsSite): NodeAttributes {
  const { stride, dilation, pads } = readGeometry(instruction.attributes);
  const [top, bottom, left, right] = pads;
  const isPadded = top + bottom + left + right > 0;
  return {
    strides: [1, stride, stride, 1],
    dilations: [1, dilation, dilation, 1],
    data_format: "NHWC",
    padding: isPadded ? "EXPLICIT" : "VALID",
    ...(isPadded && { explicit_paddings: [0, 0, top, bottom, left, right, 0, 0] }),
  };
}

/** Mean over all positions: of levels their sum times fl(step / (height·width)). Returns the result's name. */
export function meanNodes(args: readonly TfjsValue[], site: TfjsSite): string {
  const { graph, path } = site;
  const x = argument(args, 0);
  const name = `${path}.global_avg`;
  const axes = graph.integers(`${name}.axes`, [1, 2]);
  const overPositions = { keep_dims: false };
  if (x.kind !== "levels") {
    return graph.node("Mean", [floatActivation(site, x), axes], name, overPositions);
  }
  const type = site.argumentTypes[0];
  if (type?.kind !== "map") throw new Error("repqc bug: global_avg of something that is no map");
  const sums = graph.node("Sum", [x.name, axes], `${path}.sums`, overPositions);
  const step = (x.step[0] ?? 0) / (type.height * type.width);
  const multiplier = graph.floats(`${path}.multiplier`, [], [step]);
  return graph.node("Mul", [sums, multiplier], name);
}
