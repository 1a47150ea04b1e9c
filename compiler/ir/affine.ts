import type { Span } from "../../grammar/source.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { AnyAffineOp, WeightDeclarations } from "../ops/index.ts";
import type { WeightSpec } from "./program.ts";

/** What a branch, or a whole block up to its first non-affine op, computes: a tree of affine ops with channels and paths settled. */
export type Affine = AffineStep | AffineChain | AffineSum;

export interface AffineStep {
  readonly kind: "step";
  readonly op: AnyAffineOp;
  readonly params: Readonly<Record<string, unknown>>;
  readonly in: number;
  readonly out: number;
  /** Prefix of its weights' paths. */
  readonly path: string;
  readonly span: Span;
}

export interface AffineChain {
  readonly kind: "chain";
  readonly steps: readonly Affine[];
  readonly in: number;
  readonly out: number;
  readonly span: Span;
}

export interface AffineTerm {
  readonly sign: 1 | -1;
  readonly map: Affine;
  /** Name of the branch, where it is one. */
  readonly name?: string;
}

export interface AffineSum {
  readonly kind: "sum";
  readonly terms: readonly AffineTerm[];
  readonly in: number;
  readonly out: number;
  readonly span: Span;
}

/** Taps from first to last: 1 + Σ (k_i - 1)·d_i along a chain, the largest among terms (rule S2). */
export function reachOf(map: Affine): Size {
  if (map.kind === "step") return map.op.reach(map.params);
  const parts = map.kind === "chain" ? map.steps : map.terms.map((term) => term.map);
  const reaches = parts.map(reachOf);
  const along = (side: "height" | "width") =>
    map.kind === "chain"
      ? reaches.reduce((total, reach) => total + reach[side] - 1, 1)
      : Math.max(1, ...reaches.map((reach) => reach[side]));
  return { height: along("height"), width: along("width") };
}

/** True where at least one op has taps. */
export function hasKernel(map: Affine): boolean {
  if (map.kind === "step") return map.op.hasKernel;
  const parts = map.kind === "chain" ? map.steps : map.terms.map((term) => term.map);
  return parts.some(hasKernel);
}

/** All steps, depth first, in the order of the spec. */
export function stepsOf(map: Affine): readonly AffineStep[] {
  if (map.kind === "step") return [map];
  const parts = map.kind === "chain" ? map.steps : map.terms.map((term) => term.map);
  return parts.flatMap(stepsOf);
}

export function declarationsOf(step: AffineStep): WeightDeclarations {
  return step.op.weights(step.params, { in: step.in, out: step.out });
}

/** Path of one of a step's weights. */
export function weightPath(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** The weights of a map in the order of the spec. */
export function weightsOf(map: Affine): readonly WeightSpec[] {
  return stepsOf(map).flatMap((step) =>
    Object.entries(declarationsOf(step)).map(([name, { shape, role, initial }]) => ({
      path: weightPath(step.path, name),
      shape,
      role,
      initial,
    })),
  );
}
