import type { HostTensor } from "../safetensors.ts";

/** m[o] = fl(step_x · step_k[o]), one number per step of the kernel. */
export function multipliers(inputStep: Float32Array, kernelStep: Float32Array): Float32Array {
  return kernelStep.map((step) => (inputStep[0] ?? 0) * step);
}

/**
 * fl(fl(sum · m[o]) + bias[o]), with o along the last axis. The product and the sum of two float32 numbers, computed in double and rounded
 * to float32, have the bits of float32 arithmetic. A sum is first a 32-bit integer (which wraps), then a float32 (which rounds beyond 2^24).
 */
export function scaleSums(
  sums: Float64Array,
  shape: readonly number[],
  multiplier: Float32Array,
  bias?: Float32Array,
): HostTensor {
  const out = shape.at(-1) ?? 1;
  const factors =
    multiplier.length === out ? multiplier : new Float32Array(out).fill(multiplier[0]!);
  const data = new Float32Array(sums.length);
  for (let start = 0; start < data.length; start += out) {
    for (let o = 0; o < out; o++) {
      const sum = sums[start + o]! | 0;
      const scaled = Math.fround(Math.fround(sum) * factors[o]!);
      data[start + o] = bias ? scaled + bias[o]! : scaled;
    }
  }
  return { shape, data };
}
