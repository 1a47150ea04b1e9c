import type { Affine, AffineStep, Extent } from "./affine.ts";
import { extentOf, hasKernel, mapExtents, partsOf, pointExtent } from "./affine.ts";
import type { Pads } from "./conv-geometry.ts";
import type { Promised } from "./model.ts";

/**
 * Where a value inside a branch lies over the block's input (rules S2, S3, S14). The block pads once; nothing inside pads.
 *
 * - `margin`: rows and columns that the branch starts outside the input (negative: inside it).
 * - `extent`: taps between the block's input and here, around the one over the output's position.
 * - `spare`: rows and columns outside the input at which the block still has outputs, because its promise pads more than keeps the size.
 * - `rim`: rows and columns of the value that are not interior, because the anchor of all taps up to here lies in the padding and there is
 *   no output either; statistics leave them out.
 * - `stride`: 1 until the stride has been applied.
 */
export interface Place {
  readonly margin: Pads;
  readonly extent: Extent;
  readonly spare: Pads;
  readonly rim: Pads;
  readonly stride: number;
}

/** The block's padded input. */
export function startPlace({ pads, extent }: Promised): Place {
  const spare = positive(minus(pads, wholeTaps(extent)));
  return placeAt({ margin: pads, extent: pointExtent, spare, stride: 1 });
}

/** A term of a sum starts further in by what the widest terms reach beyond it. */
export function insetPlace(place: Place, widest: Extent, own: Extent): Place {
  return placeAt({ ...place, margin: minus(place.margin, minus(widest, own)) });
}

/** Behind a part of a branch; `stride` is what it applies itself. */
export function placeBehind(place: Place, extent: Extent, stride: number): Place {
  const total = mapExtents([place.extent, extent], ([a = 0, b = 0]) => a + b);
  return placeAt({ ...place, extent: total, stride: place.stride * stride });
}

function placeAt({ margin, extent, spare, stride }: Omit<Place, "rim">): Place {
  const rim = stride > 1 ? none : positive(minus(minus(margin, wholeTaps(extent)), spare));
  return { margin, extent, spare, stride, rim };
}

/** Two even windows in a row have a middle tap; one alone has none, and what lies before its middle counts as its anchor. */
export function wholeTaps([above, below, left, right]: Extent): Pads {
  return [Math.floor(above), Math.ceil(below), Math.floor(left), Math.ceil(right)];
}

const none: Pads = [0, 0, 0, 0];

/** Pads with which a convolution of the block's input yields exactly the interior. */
export function interiorPads({ margin, rim }: Place): Pads {
  return minus(margin, rim);
}

/** The steps that apply the block's stride: the last op with taps of every chain (rule S3). */
export function strideBearers(map: Affine): ReadonlySet<AffineStep> {
  if (map.kind === "step") return new Set(map.op.hasKernel ? [map] : []);
  const parts = map.kind === "chain" ? lastWithKernel(map.steps) : partsOf(map);
  return new Set(parts.flatMap((part) => [...strideBearers(part)]));
}

function lastWithKernel(steps: readonly Affine[]): readonly Affine[] {
  const last = steps.findLast(hasKernel);
  return last ? [last] : [];
}

/** The place in front of every step. */
export function placesOf(body: Affine, promised: Promised): ReadonlyMap<AffineStep, Place> {
  const places = new Map<AffineStep, Place>();
  const bearers = strideBearers(body);
  const visit = (map: Affine, place: Place): Place => {
    if (map.kind === "chain") return map.steps.reduce((at, step) => visit(step, at), place);
    if (map.kind === "step") {
      places.set(map, place);
      return placeBehind(place, extentOf(map), bearers.has(map) ? promised.stride : 1);
    }
    const widest = extentOf(map);
    const ends = partsOf(map).map((part) => visit(part, insetPlace(place, widest, extentOf(part))));
    // Together they start where the widest do, whichever comes first.
    return placeBehind({ ...place, stride: ends[0]?.stride ?? 1 }, widest, 1);
  };
  visit(body, insetPlace(startPlace(promised), promised.extent, extentOf(body)));
  return places;
}

function minus(a: Extent, b: Extent): Pads {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]];
}

function positive(pads: Pads): Pads {
  return [Math.max(0, pads[0]), Math.max(0, pads[1]), Math.max(0, pads[2]), Math.max(0, pads[3])];
}
