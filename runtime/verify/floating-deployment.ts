import type { Program } from "../../compiler/ir/program.ts";
import { areWeightsOf } from "../check-weights.ts";
import { mergeWeights, type HostWeights } from "../weights.ts";
import type { Deployment } from "./engine.ts";

/**
 * What a quantized model learned as branches in floating point, with what those merge into on the open backend: to see what merging costs.
 *
 * @param branches the model without quantizers, op by op
 * @returns nothing where the trained weights are not those of the branches, since they were merged before the training
 */
export async function floatingDeployment(
  { weights }: Program,
  branches: Program,
  trained: HostWeights,
): Promise<Deployment | undefined> {
  const steps = new Set(weights.filter(({ role }) => role === "step").map(({ path }) => path));
  const own = new Map([...trained].filter(([path]) => !steps.has(path)));
  if (!areWeightsOf(branches.weights, own)) return undefined;
  return { program: branches, trained: own, deployed: await mergeWeights(branches, own) };
}
