import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import { UserMistake } from "../user-mistake.ts";

/** The files that results were computed from. */
interface Sources {
  readonly weights: string;
  readonly input: string;
}

/** Checks that every number of every result is finite. @throws UserMistake that names the first tensor of which one is not */
export function requireFinite(results: HostWeights, { weights, input }: Sources): void {
  for (const [name, { data }] of results) {
    const position = data.findIndex((number) => !Number.isFinite(number));
    if (position < 0) continue;
    const parameters = { name, found: String(data[position]), position, weights, input };
    throw new UserMistake(diagnostic("config/not-finite", undefined, parameters));
  }
}

/**
 * Checks the steps that were measured from the input.
 * @param begun their paths
 * @throws UserMistake that names the first step that is not a positive number
 */
export function requirePositiveSteps(
  tensors: HostWeights,
  begun: readonly string[],
  { weights, input }: Sources,
): void {
  for (const name of begun) {
    const step = tensors.get(name)?.data.find((one) => !(one > 0 && one < Infinity));
    if (step === undefined) continue;
    const parameters = { name, found: String(step), input, weights };
    throw new UserMistake(diagnostic("quant/no-first-step", undefined, parameters));
  }
}
