import type { HostTensor } from "../safetensors.ts";

/** Integer levels of a quantizer; the number at `i` is `levels[i]` times the step of its channel. */
export interface Levels {
  readonly shape: readonly number[];
  readonly levels: LevelArray;
  /** One step for all, or one per entry of the last axis (output channels of a kernel). */
  readonly step: Float32Array;
  /** Largest |level| that the quantizer allows. */
  readonly largest: number;
}

export type LevelArray = Int8Array | Uint8Array | Int16Array | Uint16Array;

/** What a graph's value is at run time: activations are NHWC or [batch, channels], kernels HWIO. */
export type Value = HostTensor | Levels;

export function isQuantized(value: Value): value is Levels {
  return "levels" in value;
}

/** fl(levels · step): the float32 numbers that the levels stand for. */
export function dequantize(value: Value): HostTensor {
  if (!isQuantized(value)) return value;
  const { levels, step, shape } = value;
  const data = new Float32Array(levels.length);
  const steps = step.length;
  for (let i = 0; i < data.length; i++) data[i] = (levels[i] ?? 0) * (step[i % steps] ?? 0);
  return { shape, data };
}
