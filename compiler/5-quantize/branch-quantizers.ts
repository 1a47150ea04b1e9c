import type { Affine, AffineStep, Island } from "../ir/index.ts";
import { declarationsOf, partsOf, stepsOf } from "../ir/index.ts";

/** A learned convolution of a branch, and whether it sees what enters the block. */
export interface BranchConvolution {
  readonly step: AffineStep;
  readonly seesInput: boolean;
}

/** What the baseline on branches quantizes of an island: every op with a kernel of its own. */
export function branchConvolutions({ body }: Island): readonly BranchConvolution[] {
  const atInput = new Set<AffineStep>();
  visit(body, true, atInput);
  return stepsOf(body)
    .filter((step) => declarationsOf(step)["kernel"] !== undefined)
    .map((step) => ({ step, seesInput: atInput.has(step) }));
}

/** Collects the steps that see the island's input or channels of it. @returns whether what comes behind still sees it */
function visit(map: Affine, seesInput: boolean, found: Set<AffineStep>): boolean {
  switch (map.kind) {
    case "step":
      if (seesInput) found.add(map);
      return seesInput && map.op.name === "identity";
    case "chain":
      return map.steps.reduce((sees, step) => visit(step, sees, found), seesInput);
    default:
      for (const part of partsOf(map)) visit(part, seesInput, found);
      return false;
  }
}
