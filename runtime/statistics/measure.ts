import {
  countWindows,
  geometryAttributes,
  readGeometry,
  type ConvGeometry,
} from "../../compiler/ir/conv-geometry.ts";
import { attribute, isDilated, literal, type Lowering } from "../interpreter/lowering.ts";
import type { Argument } from "../../compiler/ir/plan.ts";

/** What is convolved where it is not the instruction's own kernel and windows. */
export interface Measured {
  readonly kernel?: Argument;
  readonly windows?: ConvGeometry;
}

/** Calls that give the moments of conv(x, K) + bias, or of x itself, to values of these names. */
export function measure(
  l: Lowering,
  x: Argument,
  mean: string,
  variance: string,
  measured: Measured = {},
): void {
  if (!hasKernel(l)) {
    callMoments(l, "moments", [x], mean, variance);
    return;
  }
  const { kernel = l.argument(1), windows = readGeometry(l.instruction.attributes) } = measured;
  if (isPointwise(l, windows)) {
    const pixels = l.shared("pixelCovariance", [x], ["mean", "covariance"]);
    callMoments(l, "pointwiseMoments", [...pixels, kernel], mean, variance);
    return;
  }
  const operands = [x, kernel, literal(geometryAttributes(windows))];
  if (isDilated(l)) {
    const seen = { name: `${mean}.of` };
    l.call("dilatedConv", operands, [seen]);
    callMoments(l, "moments", [{ value: seen.name }], mean, variance);
  } else callMoments(l, "convMoments", operands, mean, variance);
}

/** A 1x1 kernel sees single pixels; with few more inputs than outputs their covariance is also cheaper, and others can share it. */
function isPointwise(l: Lowering, { stride, pads, groups }: ConvGeometry): boolean {
  const kernel = l.type(1);
  if (kernel.kind !== "kernel" || kernel.height * kernel.width > 1) return false;
  const seesAll = stride === 1 && groups === 1 && pads.every((pad) => pad === 0);
  return seesAll && kernel.in <= 2 * kernel.out;
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
  const { height, width } = countWindows(x, kernel, readGeometry(l.instruction.attributes));
  return height * width;
}
