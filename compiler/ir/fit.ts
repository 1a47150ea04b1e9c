import type { Affine, Extent } from "./affine.ts";
import { extentOf, partsOf, sizeOfExtent } from "./affine.ts";

/** Why a kernel has no place in a frame, anchor upon anchor (rule S2). */
export type Misfit = "too-wide" | "off-anchor" | "parity";

/** Nothing where it fits, with its taps on those of the frame, which are `dilation` apart. */
export function misfitOf(frame: Extent, own: Extent, dilation: number): Misfit | undefined {
  const [outer, inner] = [sizeOfExtent(frame), sizeOfExtent(own)];
  if (inner.height > outer.height || inner.width > outer.width) return "too-wide";
  const spare = frame.map((side, index) => side - (own[index] ?? 0));
  if (spare.some((side) => side % dilation !== 0)) return "parity";
  return spare.some((side) => side < 0) ? "off-anchor" : undefined;
}

/** A term or part inside a map that has no tap in common with the others to be the anchor of all. */
export function findUncentred(map: Affine, dilation: number): Affine | undefined {
  const parts = partsOf(map);
  const widest = extentOf(map);
  const isTogether = map.kind !== "chain" && map.kind !== "step";
  const own = isTogether
    ? parts.find((part) => misfitOf(widest, extentOf(part), dilation) !== undefined)
    : undefined;
  return (
    own ?? parts.map((part) => findUncentred(part, dilation)).find((found) => found !== undefined)
  );
}
