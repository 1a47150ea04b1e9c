import type { Affine } from "../ir/index.ts";
import { hasKernel, stepsOf } from "../ir/index.ts";

/** `branches`: every op by itself. `folded`: stretches without a normalization are merged before they run, which is the same and cheaper. */
export type Execution = "branches" | "folded";

/** Whether a map is more than one step, has taps and no normalization: the one convolution it is runs cheaper. */
export function isFoldable(map: Affine): boolean {
  return (
    hasKernel(map) && stepsOf(map).length > 1 && !stepsOf(map).some((step) => step.op.normalizes)
  );
}

/** Cuts a chain before and behind its normalizing steps, so that what lies between can be folded. */
export function stretches(execution: Execution, steps: readonly Affine[]): readonly Affine[] {
  if (execution === "branches") return steps;
  const parts: Affine[][] = [];
  for (const step of steps) {
    const isLinear = !stepsOf(step).some((inner) => inner.op.normalizes);
    const last = parts.at(-1);
    const extendsLast =
      last !== undefined &&
      isLinear &&
      !last.some((part) => stepsOf(part).some((inner) => inner.op.normalizes));
    if (extendsLast) last.push(step);
    else parts.push([step]);
  }
  return parts.map((part) => chainOf(part));
}

function chainOf(steps: readonly Affine[]): Affine {
  const [first] = steps;
  const last = steps.at(-1);
  if (!first || !last) throw new Error("repqc bug: an empty chain");
  return steps.length === 1
    ? first
    : { kind: "chain", steps, in: first.in, out: last.out, span: first.span };
}
