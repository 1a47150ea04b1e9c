import type { KernelType } from "../../compiler/ir/types.ts";
import { multipliers, type Range } from "../integer/index.ts";
import { constantOf, type Constant, type LevelKernel } from "./constant.ts";
import type { OnnxBuilder } from "./onnx-builder.ts";
import type { Scales } from "./onnx-site.ts";
import { kernelStorage, type StoredType } from "./stored-type.ts";

/** What a graph's value becomes in the file; constants are written by whoever uses them, in the layout needed there. */
export type OnnxValue = Activation | LevelActivation | Constant | LevelKernel;

/** Float32 [batch, channels, height, width]; features have height and width 1. */
export interface Activation {
  readonly kind: "activation";
  readonly name: string;
}

/** A tensor of an integer type, with a Clip still to come where the type is wider than the range. */
export interface LevelActivation {
  readonly kind: "levels";
  readonly name: string;
  readonly step: Float32Array;
  readonly stepName: string;
  readonly range: Range;
  /** The level of 0. */
  readonly zero: number;
  readonly type: StoredType;
}

/** Who writes a value, in which form. */
interface Writer {
  readonly onnx: OnnxBuilder;
  readonly scales: Scales;
}

/**
 * Name of a float32 activation. Levels become fl(level · step), rounded once. In the exact form a `Mul` does that: behind a DequantizeLinear
 * onnxruntime would take the next operation for a quantized one and, up to the next QuantizeLinear, change it (it quantizes a float kernel
 * to 8 bits, and rounds biases and sums).
 */
export function floatActivation({ onnx, scales }: Writer, value: OnnxValue): string {
  if (value.kind === "activation") return value.name;
  if (value.kind !== "levels") {
    throw new Error(`repqc bug: a ${value.kind} where an activation is expected`);
  }
  const { name, step, stepName } = value;
  if (scales === "in-dequantize") return dequantized(onnx, value, step[0] ?? 0, stepName);
  return onnx.node("Mul", [levelActivation(onnx, value), stepName], `${name}.scaled`);
}

/** Name of a float32 tensor that holds the levels themselves: small integers, exactly. */
export function levelActivation(onnx: OnnxBuilder, value: LevelActivation): string {
  return dequantized(onnx, value, 1, onnx.constant(1));
}

/** Rounding before clipping gives what clipping before rounding gives, because the bounds are levels themselves. */
function dequantized(
  onnx: OnnxBuilder,
  value: LevelActivation,
  scale: number,
  scaleName: string,
): string {
  const { type, zero } = value;
  const inputs = [value.name, scaleName, onnx.zeroPoint(type, zero)];
  const whole = onnx.node("DequantizeLinear", inputs, `${value.name}.dequantized`);
  const { low, high } = value.range;
  if (low === type.low && high === type.high) return whole;
  const bounds = [low, high].map((level) => onnx.constant(Math.fround((level - zero) * scale)));
  return onnx.node("Clip", [whole, ...bounds], `${value.name}.clipped`);
}

/** Name of a float32 kernel [out, in, height, width]; of levels the numbers fl(level · step), or with `scale` "none" the levels. */
export function kernelTensor(
  onnx: OnnxBuilder,
  value: OnnxValue,
  type: KernelType,
  scale: "step" | "none",
): string {
  const shape = [type.out, type.in, type.height, type.width];
  if (value.kind === "constant") {
    return onnx.floats(value.path, shape, outputsFirst(value.tensor.data, type));
  }
  if (value.kind !== "kernel levels") throw new Error(`repqc bug: a ${value.kind} as a kernel`);
  const { levels, step } = value.levels;
  const data = outputsFirst(levels, type);
  const name = onnx.levels(value.path, shape, data, kernelStorage(value.range));
  const scaleName =
    scale === "none" ? onnx.constant(1) : onnx.floats(`${value.path}.step`, stepShape(step), step);
  const attributes = scale === "step" && step.length > 1 ? { axis: 0 } : {};
  return onnx.node("DequantizeLinear", [name, scaleName], `${name}.dequantized`, attributes);
}

function stepShape(step: Float32Array): readonly number[] {
  return step.length > 1 ? [step.length] : [];
}

/** HWIO to OIHW. */
function outputsFirst(data: ArrayLike<number>, type: KernelType): Float32Array {
  const { height, width, in: inputs, out } = type;
  const positions = height * width;
  const result = new Float32Array(data.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let p = 0; p < positions; p++) {
        result[(o * inputs + i) * positions + p] = data[(p * inputs + i) * out + o] ?? 0;
      }
    }
  }
  return result;
}

/** m[o] = fl(step_x · step_k[o]) for each of `out` channels, as [out, 1, 1]. */
export function multiplierTensor(
  onnx: OnnxBuilder,
  path: string,
  x: LevelActivation,
  kernel: LevelKernel,
  out: number,
): string {
  const each = multipliers(x.step, kernel.levels.step);
  const data = each.length === 1 ? new Float32Array(out).fill(each[0] ?? 0) : each;
  return onnx.floats(`${path}.multiplier`, [out, 1, 1], data);
}

/** Name of a vector as [channels, 1, 1], to be added to or multiplied with activations. */
export function channelVector(onnx: OnnxBuilder, value: OnnxValue): string {
  const { path, tensor } = constantOf(value);
  return onnx.floats(path, [tensor.data.length, 1, 1], tensor.data);
}
