import { attribute, geometry, type Lowering } from "../interpreter/lowering.ts";
import type { Argument } from "../../compiler/ir/plan.ts";

/** What is convolved where it is not the instruction's own kernel and windows. */
export interface Measured {
  readonly kernel?: Argument;
  readonly windows?: Argument;
}

/** Calls that give the moments of conv(x, K) + bias, or of x itself, to values of these names. */
export function measure(
  l: Lowering,
  x: Argument,
  mean: string,
  variance: string,
  { kernel, windows }: Measured = {},
): void {
  if (hasKernel(l)) {
    const operands = [x, kernel ?? l.argument(1), windows ?? geometry(l)];
    callMoments(l, "convMoments", operands, mean, variance);
  } else callMoments(l, "moments", [x], mean, variance);
}

/** A call of a primitive that gives moments; a bias, where there is one, moves the mean and nothing else. */
export function callMoments(
  l: Lowering,
  primitive: string,
  args: readonly Argument[],
  mean: string,
  variance: string,
): void {
  const hasBias = l.instruction.args.length === 5;
  const measured = hasBias ? `${mean}.unbiased` : mean;
  const results = [
    { name: measured, field: "mean" },
    { name: variance, field: "variance" },
  ];
  l.call(primitive, args, results);
  if (hasBias) l.call("add", [{ value: measured }, l.argument(2)], [{ name: mean }]);
}

/** Lets the running statistics follow mean and variance, measured on x, on every `lattice`-th row and column. */
export function follow(
  l: Lowering,
  x: Argument,
  mean: string,
  variance: string,
  lattice = 1,
): void {
  const momentum = attribute(l, "momentum");
  const positions = { literal: Math.max(1, Math.round(countPositions(l) / lattice ** 2)) };
  l.update(-2, "followMean", [l.argument(-2), { value: mean }, momentum]);
  const measured = { value: variance };
  l.update(-1, "followVariance", [l.argument(-1), measured, momentum, x, positions]);
}

export function hasKernel({ instruction }: Lowering): boolean {
  return instruction.args.length >= 4;
}

/** Positions per image over which the moments are taken. */
function countPositions(l: Lowering): number {
  const x = l.type(0);
  if (x.kind !== "map") return 1;
  const kernel = l.type(1);
  if (!hasKernel(l) || kernel.kind !== "kernel") return x.height * x.width;
  const { pads, stride } = l.instruction.attributes;
  const [top = 0, bottom = 0, left = 0, right = 0] = pads as readonly number[];
  const count = (size: number, padding: number, taps: number) =>
    Math.floor((size + padding - taps) / (stride as number)) + 1;
  return count(x.height, top + bottom, kernel.height) * count(x.width, left + right, kernel.width);
}
