/**
 * Where the taps of a kernel lie that is not written out with its zeros: all so many positions apart. A lattice of 0 is that of a single tap,
 * which lies on every other.
 */
import type { Affine, AffineStep, Extent } from "./affine.ts";
import { extentOf, partsOf, sizeOfExtent } from "./affine.ts";
import { greatestCommonDivisor } from "./greatest-common-divisor.ts";

/** A kernel's place: what it reaches over, and the distance of its taps. */
export interface Lattice {
  readonly extent: Extent;
  readonly dilation: number;
}

/** Worked out once for each map, as blocks inside blocks may be many times the same. */
const known = new WeakMap<Affine, number>();

/** The widest distance at which all taps of a map's merged kernel lie. */
export function latticeOf(map: Affine): number {
  const found = known.get(map) ?? computeLattice(map);
  known.set(map, found);
  return found;
}

function computeLattice(map: Affine): number {
  if (map.kind === "step") return stepLattice(map);
  const parts = partsOf(map).map((part) => ({
    extent: extentOf(part),
    dilation: latticeOf(part),
  }));
  if (map.kind === "chain")
    return parts.map((part) => part.dilation).reduce(greatestCommonDivisor, 0);
  return commonLattice(parts, extentOf(map));
}

/** C2: the taps of all parts, anchor upon anchor in one frame. */
export function commonLattice(parts: readonly Lattice[], frame: Extent): number {
  const distances = parts.flatMap(({ extent, dilation }) => [
    dilation,
    ...extent.map((side, index) => Math.abs((frame[index] ?? 0) - side)),
  ]);
  return distances.reduce(greatestCommonDivisor, 0);
}

export function stepLattice({ op, params }: AffineStep): number {
  const { height, width } = op.taps(params);
  return height * width === 1 ? 0 : op.dilation(params);
}

/** A step inside a map. */
export interface Found {
  readonly step: AffineStep;
  /** What it stands in, from the whole map down to itself. */
  readonly path: readonly Affine[];
}

/** The first step whose taps are not so far apart, nor any multiple of it. */
export function findOffLattice(
  map: Affine,
  dilation: number,
  seen: Set<Affine> = new Set(),
): Found | undefined {
  if (latticeOf(map) % dilation === 0 || seen.has(map)) return undefined;
  if (map.kind === "step") return { step: map, path: [map] };
  seen.add(map);
  for (const part of partsOf(map)) {
    const found = findOffLattice(part, dilation, seen);
    if (found) return { ...found, path: [map, ...found.path] };
  }
  return undefined;
}

/** Rows and columns of taps that reach over an extent. */
export function tapsAlong(extent: Extent, dilation: number): { height: number; width: number } {
  const { height, width } = sizeOfExtent(extent);
  const count = (reach: number) => (reach === 1 ? 1 : (reach - 1) / dilation + 1);
  return { height: count(height), width: count(width) };
}
