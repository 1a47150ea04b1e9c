import type { HostTensor } from "../safetensors.ts";
import { WrongTensor } from "./errors.ts";

/** Deployed weights by path, as `s1.0.kernel`. */
export type DeployedWeights = ReadonlyMap<string, HostTensor>;

/** @throws WrongTensor when the weight is missing or has another shape */
export function deployedWeight(
  weights: DeployedWeights,
  path: string,
  shape: readonly number[],
): HostTensor {
  const weight = weights.get(path);
  const fits =
    weight?.shape.length === shape.length && weight.shape.every((n, i) => n === shape[i]);
  if (!weight || !fits) throw new WrongTensor(path, shape, weight?.shape);
  return weight;
}
