import { tf } from "../tensors.ts";
import { slotName, type TrainingVariables } from "./training-variables.ts";

const slot = "average";

interface Remembered<T> {
  readonly weights: ReadonlyMap<string, T>;
  readonly optimizer: ReadonlyMap<string, T>;
}

/** Whether a training keeps averages beside its weights. */
export function hasAverage({ weights, optimizer }: Remembered<unknown>): boolean {
  return [...weights.keys()].some((path) => optimizer.has(slotName(slot, path)));
}

/** Begins the moving average of all weights, statistics included, where they stand. */
export function beginAverage({ weights, optimizer }: TrainingVariables): void {
  for (const [path, weight] of weights) optimizer.set(slotName(slot, path), tf.clone(weight));
}

/** average = decay · average + (1 - decay) · weight, after a step. */
export function followAverage({ weights, optimizer }: TrainingVariables, decay: number): void {
  for (const [path, weight] of weights) {
    const name = slotName(slot, path);
    const before = optimizer.get(name);
    if (!before) throw new Error(`repqc bug: weight \`${path}\` has no average`);
    const after = tf.tidy(() => tf.add(tf.mul(before, decay), tf.mul(weight, 1 - decay)));
    before.dispose();
    optimizer.set(name, after);
  }
}

/** The averaged weights by path, where there are any, of a session or a checkpoint; they stay whose they are. */
export function averagedWeights<T>({ weights, optimizer }: Remembered<T>): ReadonlyMap<string, T> {
  return new Map(
    [...weights].map(([path, weight]) => [path, optimizer.get(slotName(slot, path)) ?? weight]),
  );
}
