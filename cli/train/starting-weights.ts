import { areWeightsOf, checkWeights } from "../../runtime/check-weights.ts";
import { initialWeights, mergeWeights, type HostWeights } from "../../runtime/weights.ts";
import type { GivenWeights } from "../run/read-weights.ts";
import { requireWeights } from "../run/require-weights.ts";
import type { CompiledRun } from "./compile-run.ts";

export interface StartingPoint {
  readonly data: string;
  readonly quant?: string;
  readonly seed: number;
}

/**
 * What a training begins with, on the open backend: what was given, or weights that the seed draws. Where a policy trains what is left of the merge,
 * branches are merged first.
 * @throws UserMistake
 */
export async function startingWeights(
  compiled: CompiledRun,
  given: GivenWeights | undefined,
  { data: input, quant, seed }: StartingPoint,
): Promise<HostWeights> {
  if (given === undefined) return initialWeights(compiled.program, seed);
  const { file: weights, tensors } = given;
  const sources = { weights, input, ...(quant !== undefined && { quant }) };
  const { program, unmerged } = compiled;
  if (!unmerged || fits(compiled, tensors)) {
    requireWeights(compiled, tensors, sources);
    return tensors;
  }
  requireWeights(unmerged, tensors, sources);
  const merged = await mergeWeights(unmerged.program, tensors);
  checkWeights(program.weights, merged, weights, { stepsOptional: true });
  return merged;
}

/** Merged weights may be trained on as they are. */
function fits({ program }: CompiledRun, tensors: HostWeights): boolean {
  return areWeightsOf(program.weights, tensors, { stepsOptional: true });
}
