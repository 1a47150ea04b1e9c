import type { HostTensor } from "../safetensors.ts";
import { InvalidStep } from "./errors.ts";
import { roundHalfEven } from "./round-half-even.ts";
import type { LevelArray, Levels } from "./value.ts";

export interface Range {
  readonly low: number;
  readonly high: number;
}

export interface Quantized {
  readonly value: Levels;
  /** Values whose quotient v/step lay exactly halfway between two levels of the range. */
  readonly ties: number;
  /** Values whose quotient lay outside of the range. */
  readonly saturated: number;
  /** One per entry of the first axis (the batch, for activations): 1 where it holds a tie. */
  readonly tied: Uint8Array;
}

/**
 * Levels round_half_even(clip(fl(v / step), low, high)). The division is that of float32 (rounding a double quotient of two float32
 * numbers to float32 gives the same bits as dividing in float32).
 *
 * @param step one number, or one per entry of the last axis
 * @param path whose quantizer this is, for errors
 * @throws InvalidStep when a step is not a positive number
 */
export function quantize(
  tensor: HostTensor,
  step: Float32Array,
  { low, high }: Range,
  path: string,
): Quantized {
  requireValidStep(step, path);
  const { data, shape } = tensor;
  const levels = levelArray({ low, high }, data.length);
  const tied = new Uint8Array(shape[0] ?? 1);
  const perEntry = data.length / tied.length;
  let [ties, saturated] = [0, 0];
  for (let c = 0; c < step.length; c++) {
    const divisor = step[c]!;
    for (let i = c; i < data.length; i += step.length) {
      const quotient = Math.fround(data[i]! / divisor);
      if (quotient < low || quotient > high) saturated++;
      else if (quotient - Math.floor(quotient) === 0.5) {
        ties++;
        tied[Math.floor(i / perEntry)] = 1;
      }
      levels[i] = roundHalfEven(Math.min(Math.max(quotient, low), high));
    }
  }
  const largest = Math.max(-low, high);
  return { value: { shape, levels, step, largest }, ties, saturated, tied };
}

/** @throws InvalidStep when a step is not a positive number */
export function requireValidStep(step: Float32Array, path: string): void {
  if (!step.every((s) => s > 0 && s < Infinity)) throw new InvalidStep(path, step);
}

/** The smallest array that holds the range. */
function levelArray({ low, high }: Range, length: number): LevelArray {
  if (low >= -128 && high <= 127) return new Int8Array(length);
  if (low >= 0 && high <= 255) return new Uint8Array(length);
  if (low >= -32768 && high <= 32767) return new Int16Array(length);
  if (low >= 0 && high <= 65535) return new Uint16Array(length);
  throw new Error(`repqc bug: no level array for ${low}..${high}`);
}
