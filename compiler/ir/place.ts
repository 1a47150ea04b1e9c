import type { Affine, AffineStep } from "./affine.ts";
import { hasKernel, reachOf } from "./affine.ts";
import type { Pads, Promised } from "./model.ts";
import type { Size } from "../algebra/kernel-algebra.ts";

/**
 * Where a value inside a branch lies over the block's input (rules S2, S3, S14). The block pads once; nothing inside pads.
 *
 * - `margin`: rows and columns that the branch starts outside the input (negative: inside it).
 * - `reach`: taps between the block's input and here.
 * - `spare`: rows and columns outside the input at which the block still has outputs, because its promise pads more than keeps the size.
 * - `rim`: rows and columns of the value that are not interior, because the centre of all taps up to here lies in the padding and there is
 *   no output either; statistics leave them out.
 * - `stride`: 1 until the stride has been applied.
 */
export interface Place {
  readonly margin: Pads;
  readonly reach: Size;
  readonly spare: Pads;
  readonly rim: Pads;
  readonly stride: number;
}

/** The block's padded input. */
export function startPlace({ pads, size }: Promised): Place {
  const spare = positive(minus(pads, halves(size.height - 1, size.width - 1)));
  return placeAt({ margin: pads, reach: { height: 1, width: 1 }, spare, stride: 1 });
}

/** A term of a sum starts further in by half of what the widest term reaches beyond it. */
export function insetPlace(place: Place, widest: Size, own: Size): Place {
  const by = halves(widest.height - own.height, widest.width - own.width);
  return placeAt({ ...place, margin: minus(place.margin, by) });
}

/** Behind a step; `stride` is what this step itself applies. */
export function placeBehind(place: Place, step: AffineStep, stride: number): Place {
  return placeBehindReach(place, step.op.reach(step.params), stride);
}

/** Behind a kernel of this reach. */
export function placeBehindReach(place: Place, { height, width }: Size, stride: number): Place {
  const reach = { height: place.reach.height + height - 1, width: place.reach.width + width - 1 };
  return placeAt({ ...place, reach, stride: place.stride * stride });
}

/** Halves are of the whole reach: two even windows in a row have a centre, one alone has none. */
function placeAt({ margin, reach, spare, stride }: Omit<Place, "rim">): Place {
  const centre = halves(reach.height - 1, reach.width - 1);
  const rim = stride > 1 ? none : positive(minus(minus(margin, centre), spare));
  return { margin, reach, spare, stride, rim };
}

const none: Pads = [0, 0, 0, 0];

/** Pads with which a convolution of the block's input yields exactly the interior. */
export function interiorPads({ margin, rim }: Place): Pads {
  return minus(margin, rim);
}

/** The steps that apply the block's stride: the last op with taps of every chain (rule S3). */
export function strideBearers(map: Affine): ReadonlySet<AffineStep> {
  if (map.kind === "step") return new Set(map.op.hasKernel ? [map] : []);
  if (map.kind === "sum") return new Set(map.terms.flatMap((term) => [...strideBearers(term.map)]));
  const last = map.steps.toReversed().find(hasKernel);
  return last ? strideBearers(last) : new Set();
}

/** The place in front of every step. */
export function placesOf(body: Affine, promised: Promised): ReadonlyMap<AffineStep, Place> {
  const places = new Map<AffineStep, Place>();
  const bearers = strideBearers(body);
  const visit = (map: Affine, place: Place): Place => {
    if (map.kind === "chain") return map.steps.reduce((at, step) => visit(step, at), place);
    if (map.kind === "sum") {
      const widest = reachOf(map);
      const ends = map.terms.map((term) =>
        visit(term.map, insetPlace(place, widest, reachOf(term.map))),
      );
      // The sum's kernel starts where the widest term does, whichever term comes first.
      return placeBehindReach({ ...place, stride: ends[0]?.stride ?? 1 }, widest, 1);
    }
    places.set(map, place);
    return placeBehind(place, map, bearers.has(map) ? promised.stride : 1);
  };
  visit(body, insetPlace(startPlace(promised), promised.size, reachOf(body)));
  return places;
}

function halves(rows: number, columns: number): Pads {
  return [
    Math.floor(rows / 2),
    Math.ceil(rows / 2),
    Math.floor(columns / 2),
    Math.ceil(columns / 2),
  ];
}

function minus(a: Pads, b: Pads): Pads {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2], a[3] - b[3]];
}

function positive(pads: Pads): Pads {
  return [Math.max(0, pads[0]), Math.max(0, pads[1]), Math.max(0, pads[2]), Math.max(0, pads[3])];
}
