import type { Affine } from "../../compiler/ir/index.ts";

/** Changes every node of a tree, parts before what they are parts of. */
export function mapTree(map: Affine, change: (node: Affine) => Affine): Affine {
  const inside = (part: Affine) => mapTree(part, change);
  if (map.kind === "step") return change(map);
  if (map.kind === "chain") return change({ ...map, steps: map.steps.map(inside) });
  if (map.kind === "sum")
    return change({ ...map, terms: map.terms.map((term) => ({ ...term, map: inside(term.map) })) });
  return change({ ...map, parts: map.parts.map(inside) });
}
