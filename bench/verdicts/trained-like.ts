import type { Program } from "../../compiler/ir/index.ts";
import type { Examples } from "../../runtime/data/index.ts";
import { Random } from "../../runtime/random.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { reestimateStatistics } from "../../runtime/train/reestimate-statistics.ts";
import {
  disposeAll,
  initialWeights,
  toHostWeights,
  toTensors,
  type HostWeights,
} from "../../runtime/weights.ts";

/**
 * Weights whose activations look like a trained network's: first kernels, scales and shifts of normalizations drawn about as trainings leave
 * them, running statistics measured on real images with exactly these weights.
 */
export async function trainedLikeWeights(
  program: Program,
  examples: Examples,
  seed: number,
): Promise<HostWeights> {
  const weights = new Map(initialWeights(program, seed));
  const random = Random.fromSeed(seed).fork("trained-like");
  for (const { path, shape, role, initial } of program.weights) {
    if (initial.kind !== "constant") continue;
    const draw =
      role === "scale"
        ? () => random.uniform(0.5, 1.5)
        : role === "bias"
          ? () => random.normal(0, 0.3)
          : undefined;
    if (draw) weights.set(path, drawn(shape, draw));
  }
  const tensors = toTensors(weights);
  const options = { batch: 8, random: Random.fromSeed(seed) };
  const measured = await reestimateStatistics(program, tensors, examples, options);
  const found = await toHostWeights(measured);
  disposeAll(tensors);
  disposeAll(measured);
  return new Map([...weights, ...found]);
}

function drawn(shape: readonly number[], draw: () => number): HostTensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, draw) };
}
