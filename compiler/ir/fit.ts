import type { Affine, Extent } from "./affine.ts";
import { extentOf, partsOf, sizeOfExtent } from "./affine.ts";

/** Why a kernel has no place in a frame, anchor upon anchor (rule S2). */
export type Misfit = "too-wide" | "off-anchor" | "parity";

/** Nothing where it fits. */
export function misfitOf(frame: Extent, own: Extent): Misfit | undefined {
  const [outer, inner] = [sizeOfExtent(frame), sizeOfExtent(own)];
  if (inner.height > outer.height || inner.width > outer.width) return "too-wide";
  const spare = frame.map((side, index) => side - (own[index] ?? 0));
  if (!spare.every(Number.isInteger)) return "parity";
  return spare.some((side) => side < 0) ? "off-anchor" : undefined;
}

/** A term or part inside a map that has no tap in common with the others to be the anchor of all. */
export function findUncentred(map: Affine): Affine | undefined {
  const parts = partsOf(map);
  const widest = extentOf(map);
  const isTogether = map.kind !== "chain" && map.kind !== "step";
  const own = isTogether
    ? parts.find((part) => misfitOf(widest, extentOf(part)) !== undefined)
    : undefined;
  return own ?? parts.map(findUncentred).find((found) => found !== undefined);
}
