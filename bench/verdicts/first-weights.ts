import type { Program } from "../../compiler/ir/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { initializeSteps } from "../../runtime/train/index.ts";
import { tf } from "../../runtime/tensors.ts";
import {
  disposeAll,
  initialWeights,
  toHostWeights,
  toTensors,
  type HostWeights,
} from "../../runtime/weights.ts";

/** The weights that a training would begin with: its seed's, and steps from its first inputs. */
export function firstWeights(
  program: Program,
  seed: number,
  inputs: HostTensor,
): Promise<HostWeights> {
  return withSteps(program, initialWeights(program, seed), inputs);
}

/** Weights with first steps for all quantizers that have none, as training finds them. */
export async function withSteps(
  program: Program,
  weights: HostWeights,
  { shape, data }: HostTensor,
): Promise<HostWeights> {
  const tensors = toTensors(weights);
  const input = tf.tensor(data, [...shape]);
  const steps = initializeSteps(program, tensors, input);
  const found = await toHostWeights(steps);
  disposeAll(tensors);
  disposeAll(steps);
  input.dispose();
  return new Map([...weights, ...found]);
}
