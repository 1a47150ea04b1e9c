import type { KernelType } from "../../../compiler/ir/types.ts";
import { constantOf, type Constant, type LevelKernel } from "../constant.ts";
import type { GraphSite } from "../graph-site.ts";
import type { GraphBuilder } from "./graph-builder.ts";

/** What a row may know besides its arguments. */
export type TfjsSite = GraphSite & { readonly graph: GraphBuilder };

/** What a graph's value becomes in the model. */
export type TfjsValue = Activation | LevelActivation | Constant | LevelKernel;

/** Float32, NHWC or [batch, channels]. */
interface Activation {
  readonly kind: "activation";
  readonly name: string;
}

/** Levels less the zero point, as float32: small integers, exactly. */
export interface LevelActivation {
  readonly kind: "levels";
  readonly name: string;
  /** [1] */
  readonly step: Float32Array;
  /** Of the step as a scalar in the model. */
  readonly stepName: string;
}

export function activation(name: string): TfjsValue {
  return { kind: "activation", name };
}

/** Name of a float32 activation. Levels become fl(level · step), rounded once. */
export function floatActivation({ graph }: Pick<TfjsSite, "graph">, value: TfjsValue): string {
  if (value.kind === "activation") return value.name;
  if (value.kind !== "levels") {
    throw new Error(`repqc bug: a ${value.kind} where an activation is expected`);
  }
  return graph.node("Mul", [value.name, value.stepName], `${value.name}.scaled`);
}

/** Name of a vector, to be added to or multiplied with the last axis. */
export function channelVector({ graph }: TfjsSite, value: TfjsValue): string {
  const { path, tensor } = constantOf(value);
  return graph.floats(path, [tensor.data.length], tensor.data);
}

/** A kernel's numbers, or its levels, cut to a part and brought to another shape. */
export interface KernelPart {
  /** Of the kernel's path; empty for the whole. */
  readonly suffix: string;
  /** Output channels [from, to). */
  readonly outputs: readonly [from: number, to: number];
  readonly shape: readonly number[];
}

/** Name of float32 numbers of a kernel, HWIO; of levels the numbers fl(level · step), or with `scale` "none" the levels. */
export function kernelTensor(
  { graph }: TfjsSite,
  value: TfjsValue,
  type: KernelType,
  part: KernelPart,
  scale: "step" | "none",
): string {
  const { suffix, shape } = part;
  const cut = (data: ArrayLike<number>) => cutOutputs(data, type.out, part.outputs);
  if (value.kind === "constant") {
    return graph.floats(value.path + suffix, shape, cut(value.tensor.data));
  }
  if (value.kind !== "kernel levels") throw new Error(`repqc bug: a ${value.kind} as a kernel`);
  const { path, levels, range } = value;
  const name = graph.levels(path + suffix, shape, cut(levels.levels), range);
  if (scale === "none") return name;
  const { step } = levels;
  const each = step.length === 1 ? new Float32Array(type.out).fill(step[0] ?? 0) : step;
  const steps = stepShape(cut(each), shape);
  const stepName = graph.floats(`${path}.step${suffix}`, steps.shape, steps.data);
  return graph.node("Mul", [name, stepName], `${name}.scaled`);
}

/** Steps of output channels beside the last axes of a kernel: [O], or [C, m] for a depthwise one. */
function stepShape(data: ArrayLike<number>, shape: readonly number[]) {
  const last = shape.at(-1) ?? 1;
  return { data, shape: last === data.length ? [last] : [data.length / last, last] };
}

/** Output channels lie along the last axis. */
function cutOutputs(
  data: ArrayLike<number>,
  out: number,
  [from, to]: readonly [number, number],
): ArrayLike<number> {
  if (from === 0 && to === out) return data;
  const width = to - from;
  const rows = data.length / out;
  return Float32Array.from(
    { length: rows * width },
    (_, i) => data[Math.floor(i / width) * out + from + (i % width)] ?? 0,
  );
}
