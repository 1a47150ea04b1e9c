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

/** Values: the mean and the variance of each channel. */
export interface MeasuredMoments {
  readonly mean: Argument;
  readonly variance: Argument;
}

/** Calls that give the moments of conv(x, K) + bias, or of x itself. */
export function measure(l: Lowering, x: Argument, measured: Measured = {}): MeasuredMoments {
  if (!hasKernel(l)) return callMoments(l, "moments", [x]);
  const { kernel = l.argument(1), windows = readGeometry(l.instruction.attributes) } = measured;
  if (isPointwise(l, windows)) {
    const pixels = l.shared("pixelCovariance", [x], ["mean", "covariance"]);
    return callMoments(l, "pointwiseMoments", [...pixels, kernel]);
  }
  const operands = [x, kernel, literal(geometryAttributes(windows))];
  if (!isDilated(l)) return callMoments(l, "convMoments", operands);
  return callMoments(l, "moments", l.shared("dilatedConv", operands));
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
): MeasuredMoments {
  const [unbiased, variance] = l.shared(primitive, args, ["mean", "variance"]);
  const hasBias = l.instruction.args.length === 5;
  const mean = hasBias ? l.shared("add", [unbiased!, l.argument(2)])[0] : unbiased;
  return { mean: mean!, variance: variance! };
}

/** Makes moments, measured on x on every `lattice`-th row and column, the instruction's results, and lets the running ones follow. */
export function yieldMoments(
  l: Lowering,
  x: Argument,
  moments: MeasuredMoments,
  lattice?: number,
): void {
  l.alias(0, moments.mean);
  l.alias(1, moments.variance);
  follow(l, x, moments, lattice);
}

/** Lets the running statistics follow moments, measured on x, on every `lattice`-th row and column. */
export function follow(
  l: Lowering,
  x: Argument,
  { mean, variance }: MeasuredMoments,
  lattice = 1,
): void {
  const momentum = attribute(l, "momentum");
  const positions = { literal: Math.max(1, Math.round(countPositions(l) / lattice ** 2)) };
  l.update(-2, "followMean", [l.argument(-2), mean, momentum]);
  l.update(-1, "followVariance", [l.argument(-1), variance, momentum, x, positions]);
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
