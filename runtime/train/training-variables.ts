import type { Program, WeightSpec } from "../../compiler/ir/program.ts";
import { tf } from "../tensors.ts";
import { disposeAll, toHostWeights, toTensors, type HostWeights } from "../weights.ts";
import type { Optimizer } from "./optimizers/index.ts";

/**
 * Everything that a training step changes: weights by path, and the optimizer's memory as `slot/path`, among it `floor/path`,
 * below which a quantizer's step never falls.
 */
export interface TrainingVariables {
  readonly weights: Map<string, tf.Tensor>;
  readonly optimizer: Map<string, tf.Tensor>;
}

/** A step stays at or above this share of what it began as: at zero or below, quantization has no meaning. */
export const smallestShareOfStep = 1e-4;

/** Weights that gradients move. */
export function trainableWeights(program: Program): readonly WeightSpec[] {
  return program.weights.filter(({ role }) => role !== "statistic");
}

/** The optimizer's memory before the first step; `weights` must be complete. */
export function beginOptimizer(
  program: Program,
  weights: ReadonlyMap<string, tf.Tensor>,
  optimizer: Optimizer,
): Map<string, tf.Tensor> {
  const memory = new Map<string, tf.Tensor>();
  for (const { path, role } of trainableWeights(program)) {
    const weight = weights.get(path)!;
    for (const slot of optimizer.slots) memory.set(slotName(slot, path), tf.zerosLike(weight));
    if (role === "step") memory.set(slotName("floor", path), tf.mul(weight, smallestShareOfStep));
  }
  return memory;
}

export function slotName(slot: string, path: string): string {
  return `${slot}/${path}`;
}

export function disposeVariables({ weights, optimizer }: TrainingVariables): void {
  disposeAll(weights);
  disposeAll(optimizer);
}

/** Copies out of the backend. */
export async function saveVariables(variables: TrainingVariables): Promise<HostVariables> {
  const weights = await toHostWeights(variables.weights);
  return { weights, optimizer: await toHostWeights(variables.optimizer) };
}

export interface HostVariables {
  readonly weights: HostWeights;
  readonly optimizer: HostWeights;
}

export function restoreVariables({ weights, optimizer }: HostVariables): TrainingVariables {
  return { weights: toTensors(weights), optimizer: toTensors(optimizer) };
}
