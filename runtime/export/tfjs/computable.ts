import {
  geometryAttributes,
  readGeometry,
  reachOfTaps,
} from "../../../compiler/ir/conv-geometry.ts";
import type { KernelType } from "../../../compiler/ir/types.ts";
import { kernelTypeOf } from "../graph-site.ts";
import type { TfjsSite, TfjsValue } from "./value.ts";

interface Convolution {
  readonly site: TfjsSite;
  readonly kernel: TfjsValue;
}

/** A convolution as TensorFlow.js computes it: one with both a stride and a dilation it refuses, so that the zeros are written out. */
export function computable(site: TfjsSite, kernel: TfjsValue): Convolution {
  const geometry = readGeometry(site.instruction.attributes);
  if (geometry.stride === 1 || geometry.dilation === 1) return { site, kernel };
  const type = kernelTypeOf(site);
  const whole = { ...type, ...reachOfTaps(type, geometry.dilation) };
  const attributes = geometryAttributes({ ...geometry, dilation: 1 });
  const argumentTypes = site.argumentTypes.map((each) => (each === type ? whole : each));
  const instruction = { ...site.instruction, attributes };
  return {
    site: { ...site, instruction, argumentTypes },
    kernel: withZeros(kernel, type, whole, geometry.dilation),
  };
}

function withZeros(
  kernel: TfjsValue,
  type: KernelType,
  whole: KernelType,
  dilation: number,
): TfjsValue {
  const shape = [whole.height, whole.width, whole.in, whole.out];
  const place = placesOf(type, whole, dilation);
  const size = shape.reduce((a, b) => a * b, 1);
  if (kernel.kind === "constant") {
    const data = new Float32Array(size);
    kernel.tensor.data.forEach((tap, index) => (data[place(index)] = tap));
    return { ...kernel, tensor: { shape, data } };
  }
  if (kernel.kind !== "kernel levels") throw new Error(`repqc bug: a ${kernel.kind} as a kernel`);
  const levels = new Int16Array(size);
  kernel.levels.levels.forEach((level, index) => (levels[place(index)] = level));
  return { ...kernel, levels: { ...kernel.levels, shape, levels } };
}

/** Where the number at an index of the kernel lies in the whole one, both HWIO. */
function placesOf(
  { width, in: inputs, out }: KernelType,
  whole: KernelType,
  dilation: number,
): (index: number) => number {
  const perTap = inputs * out;
  return (index) => {
    const tap = Math.floor(index / perTap);
    const [row, column] = [Math.floor(tap / width), tap % width];
    return (row * whole.width + column) * dilation * perTap + (index % perTap);
  };
}
