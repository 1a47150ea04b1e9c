import type { Program, WeightRole, WeightSpec } from "../../compiler/ir/program.ts";
import { tf } from "../tensors.ts";
import type { Optimizer } from "./optimizers/index.ts";
import { slotName, trainableWeights, type TrainingVariables } from "./training-variables.ts";

export interface Rates {
  /** Learning rate of everything but quantizers' steps. */
  readonly rate: number;
  readonly stepRate: number;
  /** Share of a weight that is added to its gradient (L2), for weights of the roles in `decayed`. */
  readonly decay: number;
  readonly decayed: readonly WeightRole[];
}

/** Moves every weight that has a gradient by the optimizer, and replaces the running statistics. `count` is 1 for the first step. */
export function applyGradients(
  program: Program,
  variables: TrainingVariables,
  change: Change,
  optimizer: Optimizer,
  rates: Rates,
  count: number,
): void {
  for (const spec of trainableWeights(program)) {
    const gradient = change.gradients.get(spec.path);
    if (gradient) moveWeight(spec, gradient, variables, optimizer, rates, count);
  }
  for (const [path, statistic] of change.updates)
    replace(variables.weights, path, tf.clone(statistic));
}

export interface Change {
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  readonly updates: ReadonlyMap<string, tf.Tensor>;
}

function moveWeight(
  { path, role }: WeightSpec,
  gradient: tf.Tensor,
  { weights, optimizer: memory }: TrainingVariables,
  optimizer: Optimizer,
  { rate, stepRate, decay, decayed }: Rates,
  count: number,
): void {
  const slots = optimizer.slots.map((slot) => slotName(slot, path));
  const floor = memory.get(slotName("floor", path));
  const moved = tf.tidy(() => {
    const weight = weights.get(path)!;
    const decays = decay > 0 && decayed.includes(role);
    const full = decays ? tf.add(gradient, tf.mul(weight, decay)) : gradient;
    const remembered = slots.map((name) => memory.get(name)!);
    const next = optimizer.move(weight, full, remembered, role === "step" ? stepRate : rate, count);
    return [floor ? tf.maximum(next.weight, floor) : next.weight, ...next.slots];
  });
  const [weight, ...remembered] = moved;
  replace(weights, path, weight!);
  slots.forEach((name, n) => replace(memory, name, remembered[n]!));
}

function replace(tensors: Map<string, tf.Tensor>, name: string, by: tf.Tensor): void {
  tensors.get(name)?.dispose();
  tensors.set(name, by);
}
