import type { Affine, AffineStep, Island } from "../../compiler/ir/index.ts";
import {
  declarationsOf,
  extentOf,
  hasKernel,
  partsOf,
  weightsOf,
} from "../../compiler/ir/index.ts";

/** A branch that can be any kernel of the promise: one learned convolution, and factors and offsets per channel behind it. */
export interface DenseBranch {
  readonly conv: AffineStep;
  /** The way from the block's input through the convolution to its output, all other branches left out. */
  readonly alone: Affine;
}

/** The first such branch of an island; nothing where no branch is one. */
export function findDenseBranch({ body, promised }: Island): DenseBranch | undefined {
  const isDense = (step: AffineStep): boolean => {
    const { kernel } = declarationsOf(step);
    const isWhole = extentOf(step).every((taps, side) => taps === promised.extent[side]);
    if (kernel?.kind !== "kernel" || !isWhole || step.isFlipped) return false;
    const [height, width] = kernel.shape;
    const hasEachTap = height === promised.size.height && width === promised.size.width;
    return hasEachTap && kernel.groups === promised.groups;
  };
  return find(body, isDense);
}

function find(map: Affine, isDense: (step: AffineStep) => boolean): DenseBranch | undefined {
  switch (map.kind) {
    case "step":
      return isDense(map) ? { conv: map, alone: map } : undefined;
    case "chain": {
      const at = map.steps.findIndex(hasKernel);
      const [before, first, behind] = [
        map.steps.slice(0, at),
        map.steps[at],
        map.steps.slice(at + 1),
      ];
      if (!first || !before.every(isPlain) || behind.some(hasKernel)) return undefined;
      const inner = find(first, isDense);
      return inner && { ...inner, alone: { ...map, steps: [inner.alone, ...behind] } };
    }
    case "sum":
      for (const term of map.terms) {
        const inner = find(term.map, isDense);
        if (inner) return { ...inner, alone: { ...map, terms: [{ ...term, map: inner.alone }] } };
      }
      return undefined;
    case "concat":
    case "split":
      return undefined;
  }
}

/** An identity: nothing that is learned, and no sum. */
function isPlain(map: Affine): boolean {
  if (map.kind === "step") return map.op.name === "identity";
  return map.kind === "chain" && partsOf(map).every(isPlain) && weightsOf(map).length === 0;
}
