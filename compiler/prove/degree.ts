import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { Affine, AffineStep } from "../ir/index.ts";
import { declarationsOf, partsOf } from "../ir/index.ts";
import type { MergeRule } from "./merge-rule.ts";

const largest = (...degrees: readonly number[]) => Math.max(0, ...degrees);
const total = (a: number, b: number) => a + b;
const own = (degree: number) => degree;
const constant = () => 0;

/** The kernel algebra on degrees: what is here for a kernel or a vector is a bound on the degrees of its numbers as polynomials in the weights. */
const degrees: KernelAlgebra<number, number> = {
  identity: constant,
  fixed: constant,
  select: constant,
  fill: constant,
  scaleOut: total,
  scaleIn: total,
  addKernels: largest,
  negateKernel: own,
  embed: own,
  flip: own,
  dilate: own,
  regroup: own,
  compose: total,
  spread: total,
  mix: total,
  carry: total,
  joinKernels: (parts) => largest(...parts),
  joinVectors: (parts) => largest(...parts),
  add: largest,
  subtract: largest,
  multiply: total,
  negate: own,
  // Up to a constant a free variable in the place of the variance: see `reciprocalRoot` of the field.
  reciprocalRoot: own,
};

/** Degree of an island's output in its input and weights, each of degree 1: the larger of its two forms, so that it bounds their difference. */
export function degreeOf(body: Affine, rule: MergeRule): number {
  const { kernel, bias } = rule(degrees, () => 1);
  return largest(kernel + 1, bias, degreeBehind(body, 1));
}

/** Of what leaves a tree that such numbers enter, run op by op. */
function degreeBehind(map: Affine, entering: number): number {
  if (map.kind === "step") return degreeBehindStep(map, entering);
  if (map.kind === "chain") return map.steps.reduce((at, step) => degreeBehind(step, at), entering);
  return largest(...partsOf(map).map((part) => degreeBehind(part, entering)));
}

function degreeBehindStep(step: AffineStep, entering: number): number {
  const weights = Object.keys(declarationsOf(step)).map((name) => [name, 1] as const);
  const values = Object.fromEntries(weights) as never;
  const { kernel, scale, bias } = step.op.affine(degrees, values, step.params, step);
  return largest(entering + (kernel ?? scale ?? 0), bias ?? 0);
}
