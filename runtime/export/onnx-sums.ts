import { readGeometry } from "../../compiler/ir/conv-geometry.ts";
import { constantOf, type LevelKernel } from "./constant.ts";
import { argument, kernelTypeOf } from "./graph-site.ts";
import {
  channelVector,
  floatActivation,
  kernelTensor,
  levelActivation,
  multiplierTensor,
  type LevelActivation,
  type OnnxValue,
} from "./onnx-value.ts";
import type { OnnxSite } from "./onnx-site.ts";

/** Convolution (on features: of a map of one position) with its scaling and bias; returns the result's name. */
export function convNodes(args: readonly OnnxValue[], site: OnnxSite): string {
  const { onnx, path, scales } = site;
  const [x, kernel] = [argument(args, 0), argument(args, 1)];
  const bias = args[2];
  if (x.kind === "levels" && kernel.kind === "kernel levels" && scales === "after-sum") {
    return exactConvNodes(x, kernel, bias, site);
  }
  const inputs = [floatActivation(site, x), kernelTensor(onnx, kernel, kernelTypeOf(site), "step")];
  if (bias) {
    const { tensor, path: biasPath } = constantOf(bias);
    inputs.push(onnx.floats(biasPath, tensor.shape, tensor.data));
  }
  return onnx.node("Conv", inputs, `${path}.conv`, convAttributes(site));
}

function exactConvNodes(
  x: LevelActivation,
  kernel: LevelKernel,
  bias: OnnxValue | undefined,
  site: OnnxSite,
): string {
  const { onnx, path } = site;
  const type = kernelTypeOf(site);
  const levels = [levelActivation(onnx, x), kernelTensor(onnx, kernel, type, "none")];
  const sums = onnx.node("Conv", levels, `${path}.sums`, convAttributes(site));
  const multiplier = multiplierTensor(onnx, path, x, kernel, type.out);
  const scaled = onnx.node("Mul", [sums, multiplier], `${path}.scaled`);
  return bias ? onnx.node("Add", [scaled, channelVector(onnx, bias)], `${path}.conv`) : scaled;
}

/** Mean over all positions: of levels their sum times fl(step / (height·width)). Returns the result's name. */
export function meanNodes(args: readonly OnnxValue[], site: OnnxSite): string {
  const { onnx, path, scales } = site;
  const x = argument(args, 0);
  if (x.kind !== "levels" || scales === "in-dequantize") {
    return onnx.node("GlobalAveragePool", [floatActivation(site, x)], `${path}.global_avg`);
  }
  const type = site.argumentTypes[0];
  if (type?.kind !== "map") throw new Error("repqc bug: global_avg of something that is no map");
  const axes = onnx.indices(`${path}.global_avg.axes`, [2, 3]);
  const sums = onnx.node("ReduceSum", [levelActivation(onnx, x), axes], `${path}.sums`, {
    keepdims: 1,
  });
  const step = (x.step[0] ?? 0) / (type.height * type.width);
  const multiplier = onnx.floats(`${path}.multiplier`, [], [step]);
  return onnx.node("Mul", [sums, multiplier], `${path}.global_avg`);
}

function convAttributes(site: OnnxSite) {
  const { stride, pads, groups, dilation } = readGeometry(site.instruction.attributes);
  const [top, bottom, left, right] = pads;
  const { height, width } = kernelTypeOf(site);
  return {
    kernel_shape: [height, width],
    strides: [stride, stride],
    pads: [top, left, bottom, right],
    group: groups,
    ...(dilation > 1 && { dilations: [dilation, dilation] }),
  };
}
