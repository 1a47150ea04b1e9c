import type { Affine, Extent, Promised } from "./ir/index.ts";
import {
  apart,
  greatestCommonDivisor,
  latticeOf,
  mapExtents,
  misfitOf,
  stepLattice,
  stepsOf,
} from "./ir/index.ts";

/** The widest distance of taps that has a promise's and a map's; where terms of the map lie half a position off each other, its kernels'. */
export function commonDistance(map: Affine, dilation: number): number {
  const common = greatestCommonDivisor(dilation, latticeOf(map));
  if (Number.isInteger(common)) return common;
  return stepsOf(map).map(stepLattice).reduce(greatestCommonDivisor, dilation);
}

/** The least that a promise with taps so far apart can reach to hold a map; and what is promised, where there is a promise for both. */
export function frameAround(own: Extent, { extent }: Promised, distance: number): Extent {
  const both = frameOf(
    mapExtents([extent, own], (sides) => Math.max(...sides)),
    distance,
  );
  const hasBoth = [extent, own].every((one) => !misfitOf(both, one, distance));
  return hasBoth ? both : frameOf(own, distance);
}

/** The least that a promise can reach to hold so much: it lies around one of its taps, or around its middle. */
export function frameOf(extent: Extent, distance: number): Extent {
  if (apart(extent, 1 / distance).every(Number.isInteger)) return extent;
  const [above, below, left, right] = extent;
  const [rows, columns] = [Math.max(above, below), Math.max(left, right)];
  return [rows, rows, columns, columns];
}
