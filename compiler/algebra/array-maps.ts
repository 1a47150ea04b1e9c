import type { ArrayKernel } from "./arrays.ts";
import { float64 } from "./float64.ts";
import {
  buildMapOver,
  convolveOver,
  padMapOver,
  valueOf,
  type MapFormula,
  type MapShape,
  type RingMap,
  type Sides,
} from "./ring-maps.ts";

/** Activations as float64 numbers: [batch, height, width, channels], row-major. */
export type ArrayMap = RingMap<Float64Array>;

export function buildMap(shape: MapShape, at: MapFormula<number>): ArrayMap {
  return buildMapOver(float64, shape, at);
}

/** The number at a position; zero outside the map. */
export function valueAt(
  map: ArrayMap,
  image: number,
  row: number,
  column: number,
  channel: number,
): number {
  return valueOf<number, Float64Array>(map, image, row, column, channel, 0);
}

/** Zeros around a map; negative sides cut it. */
export function padMap(map: ArrayMap, sides: Sides): ArrayMap {
  return padMapOver(float64, map, sides);
}

/** Cross-correlation of float64 numbers by its definition, see `convolveOver`. */
export function convolveArrays(
  x: ArrayMap,
  kernel: ArrayKernel,
  bias: Float64Array | undefined,
  at: { readonly stride: number; readonly pads: Sides },
): ArrayMap {
  return convolveOver(float64, x, kernel, bias, at);
}
