import type { Affine, Island } from "../ir/index.ts";
import { partsOf } from "../ir/index.ts";
import type { MapSize } from "./situations.ts";

/** Text that is equal for islands of which one proof is a proof of the other: all but names, paths and places in the spec. */
export function structureKey({ body, promised }: Island, map: MapSize): string {
  return JSON.stringify([structureOf(body), promised, map.height, map.width]);
}

function structureOf(map: Affine): unknown {
  if (map.kind === "step") {
    const { op, params, in: entering, out, isFlipped } = map;
    return [op.name, params, entering, out, isFlipped];
  }
  const signs = map.kind === "sum" ? map.terms.map((term) => term.sign) : [];
  return [map.kind, map.in, map.out, signs, partsOf(map).map(structureOf)];
}
