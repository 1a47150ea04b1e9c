import type { ArrayKernel } from "./arrays.ts";
import { float64 } from "./float64.ts";
import { convolveOver, type RingMap, type Windows } from "./ring-maps.ts";

/** Activations as float64 numbers: [batch, height, width, channels], row-major. */
export type ArrayMap = RingMap<Float64Array>;

/** Cross-correlation of float64 numbers by its definition, see `convolveOver`. */
export function convolveArrays(
  x: ArrayMap,
  kernel: ArrayKernel,
  bias: Float64Array | undefined,
  at: Windows,
): ArrayMap {
  return convolveOver(float64, x, kernel, bias, at);
}
