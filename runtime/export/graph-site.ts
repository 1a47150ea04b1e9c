import type { Instruction } from "../../compiler/ir/graph.ts";
import { shapeOf, type KernelType, type MapType, type ValueType } from "../../compiler/ir/types.ts";
import { deployedWeight, quantize, type DeployedWeights, type Range } from "../integer/index.ts";
import type { Constant, LevelKernel } from "./constant.ts";

/** What a row of an exporter's instruction table may know besides its arguments. */
export interface GraphSite {
  readonly instruction: Instruction;
  readonly argumentTypes: readonly ValueType[];
  /** Path in the spec; names begin with it. */
  readonly path: string;
  readonly weights: DeployedWeights;
}

export function argument<T>(args: readonly T[], index: number): T {
  const value = args[index];
  if (value === undefined) throw new Error(`repqc bug: argument ${index} is missing`);
  return value;
}

export function numberOf({ instruction }: GraphSite, attribute: string): number {
  return Number(instruction.attributes[attribute]);
}

export function numbersOf({ instruction }: GraphSite, attribute: string): readonly number[] {
  return instruction.attributes[attribute] as readonly number[];
}

/** `pads` of a window or `by` of a rim: [top, bottom, left, right]. */
export function rimOf(
  site: GraphSite,
  attribute: "pads" | "by",
): readonly [number, number, number, number] {
  const [top = 0, bottom = 0, left = 0, right = 0] = numbersOf(site, attribute);
  return [top, bottom, left, right];
}

export function resultTypeOf({ instruction }: GraphSite): ValueType {
  const type = instruction.types[0];
  if (!type) throw new Error(`repqc bug: ${instruction.op} has no result`);
  return type;
}

export function resultMapOf(site: GraphSite): MapType {
  const type = resultTypeOf(site);
  if (type.kind === "map") return type;
  throw new Error(`repqc bug: ${site.instruction.op} of something that is no map`);
}

/** Type of a convolution's kernel. */
export function kernelTypeOf({ argumentTypes }: GraphSite): KernelType {
  const type = argumentTypes[1];
  if (type?.kind !== "kernel") throw new Error("repqc bug: conv without a kernel");
  return type;
}

/** A `weight` instruction's numbers. @throws WrongTensor */
export function weightOf(site: GraphSite): Constant {
  const { path, weights } = site;
  const tensor = deployedWeight(weights, path, shapeOf(resultTypeOf(site)));
  return { kind: "constant", path, tensor };
}

/** Bounds of a `quantize` instruction's levels. */
export function rangeOf(site: GraphSite): Range {
  return { low: numberOf(site, "low"), high: numberOf(site, "high") };
}

/** A kernel behind its `quantize` instruction. @throws InvalidStep */
export function levelKernelOf(kernel: Constant, step: Constant, site: GraphSite): LevelKernel {
  const range = rangeOf(site);
  const levels = quantize(kernel.tensor, step.tensor.data, range, site.path).value;
  return { kind: "kernel levels", path: kernel.path, levels, range };
}
