import type { HostTensor } from "../safetensors.ts";

/** How far two engines' outputs are apart. */
export interface Distance {
  /** Output values compared. */
  readonly compared: number;
  /** Values that are not equal (0 and -0 are; a NaN equals nothing: a network that yields it has not deployed what was trained). */
  readonly differing: number;
  /** Largest absolute difference. */
  readonly largest: number;
}

/** Compares two engines' outputs value by value, without tolerance. What may explain a difference, `runtime/verify` finds out. */
export function compareOutputs(a: HostTensor, b: HostTensor): Distance {
  if (a.shape.join() !== b.shape.join()) {
    throw new Error(`repqc bug: outputs of shapes [${a.shape}] and [${b.shape}] are compared`);
  }
  let [differing, largest] = [0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [left, right] = [a.data[i] ?? 0, b.data[i] ?? 0];
    if (left === right) continue;
    differing++;
    const difference = Math.abs(left - right);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return { compared: a.data.length, differing, largest };
}
