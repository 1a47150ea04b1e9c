import type { HostTensor } from "../safetensors.ts";

export interface Verdict {
  /** Output values compared. */
  readonly compared: number;
  /** Values that are not equal (0 and -0 are; a NaN equals nothing: a network that yields it has not deployed what was trained). */
  readonly differing: number;
  /** Of the differing values, those of examples in which some activation lay on a rounding tie. */
  readonly onTies: number;
  /** Largest absolute difference. */
  readonly largest: number;
}

/**
 * Compares two engines' outputs value by value, without tolerance.
 *
 * @param ties one per example: not zero where the example met a rounding tie (`tiedExamples` of the integer executor's report)
 */
export function compareOutputs(a: HostTensor, b: HostTensor, ties?: Uint8Array): Verdict {
  if (a.shape.join() !== b.shape.join()) {
    throw new Error(`repqc bug: outputs of shapes [${a.shape}] and [${b.shape}] are compared`);
  }
  const perExample = a.data.length / (a.shape[0] ?? 1);
  let [differing, onTies, largest] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [left, right] = [a.data[i] ?? 0, b.data[i] ?? 0];
    if (left === right) continue;
    differing++;
    if (ties?.[Math.floor(i / perExample)]) onTies++;
    const difference = Math.abs(left - right);
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return { compared: a.data.length, differing, onTies, largest };
}
