import type { Span } from "../../grammar/source.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { AnyAffineOp, WeightDeclarations } from "../ops/index.ts";
import type { WeightSpec } from "./program.ts";

/** What a branch, or a whole block up to its first non-affine op, computes: a tree of affine ops with channels and paths settled. */
export type Affine = AffineStep | AffineChain | AffineSum | AffineJoin;

export interface AffineStep {
  readonly kind: "step";
  readonly op: AnyAffineOp;
  readonly params: Readonly<Record<string, unknown>>;
  readonly in: number;
  readonly out: number;
  /** Prefix of its weights' paths. */
  readonly path: string;
  /** Its kernel is turned by half a turn before use: the step stands in a `flip(...)`. */
  readonly isFlipped: boolean;
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

/** Outputs side by side, in order. In a `concat` every part sees the whole input, in a `split` its own equal share of the channels. */
export interface AffineJoin {
  readonly kind: "concat" | "split";
  readonly parts: readonly Affine[];
  readonly in: number;
  readonly out: number;
  readonly span: Span;
}

/** What a node of the tree consists of, in the order of the spec. */
export function partsOf(map: Affine): readonly Affine[] {
  switch (map.kind) {
    case "step":
      return [];
    case "chain":
      return map.steps;
    case "sum":
      return map.terms.map((term) => term.map);
    case "concat":
    case "split":
      return map.parts;
  }
}

/**
 * Taps above, below, left and right of the one that lies over the output's position (rule S2). An even kernel without an anchor has halves: its
 * middle lies between two taps.
 */
export type Extent = readonly [above: number, below: number, left: number, right: number];

export const pointExtent: Extent = [0, 0, 0, 0];

/** Extent of `size` taps around `anchor`, counted from 1; around the middle where there is none. */
export function extentAround({ height, width }: Size, anchor?: Size): Extent {
  const { height: row, width: column } = anchor ?? {
    height: (height + 1) / 2,
    width: (width + 1) / 2,
  };
  return [row - 1, height - row, column - 1, width - column];
}

/** The same taps so many positions apart. */
export function apart(extent: Extent, dilation: number): Extent {
  return mapExtents([extent], ([taps = 0]) => taps * dilation);
}

export function sizeOfExtent([above, below, left, right]: Extent): Size {
  return { height: above + below + 1, width: left + right + 1 };
}

/** `1 up, 1 down, 0 left and 0 right`. */
export function printSides([above, below, left, right]: Extent): string {
  return `${above} up, ${below} down, ${left} left and ${right} right`;
}

export function mapExtents(
  extents: readonly Extent[],
  combine: (sides: readonly number[]) => number,
): Extent {
  const side = (index: 0 | 1 | 2 | 3) => combine(extents.map((extent) => extent[index]));
  return [side(0), side(1), side(2), side(3)];
}

/** Worked out once for each map: every part of a sum asks for the extent of the whole. */
const known = new WeakMap<Affine, Extent>();

/** Extents add up along a chain; of terms and parts each side is the largest. */
export function extentOf(map: Affine): Extent {
  const found = known.get(map) ?? computeExtent(map);
  known.set(map, found);
  return found;
}

function computeExtent(map: Affine): Extent {
  if (map.kind === "step") return stepExtent(map);
  const extents = partsOf(map).map(extentOf);
  return mapExtents(extents, (sides) =>
    map.kind === "chain" ? sides.reduce((a, b) => a + b, 0) : Math.max(0, ...sides),
  );
}

function stepExtent({ op, params, isFlipped }: AffineStep): Extent {
  const taps = extentAround(op.taps(params), op.anchor(params));
  const [above, below, left, right] = apart(taps, op.dilation(params));
  return isFlipped ? [below, above, right, left] : [above, below, left, right];
}

/** Taps from first to last: 1 + Σ (k_i - 1)·d_i along a chain (rule S2). */
export function reachOf(map: Affine): Size {
  return sizeOfExtent(extentOf(map));
}

/** True where at least one op has taps. */
export function hasKernel(map: Affine): boolean {
  return map.kind === "step" ? map.op.hasKernel : partsOf(map).some(hasKernel);
}

/** All steps, depth first, in the order of the spec. */
export function stepsOf(map: Affine): readonly AffineStep[] {
  return map.kind === "step" ? [map] : partsOf(map).flatMap(stepsOf);
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
