import type { Affine } from "./affine.ts";
import { greatestCommonDivisor } from "./compose.ts";

/**
 * Groups of the merged kernel: those that all parts keep apart. Nothing where there are only factors per channel, which any number of groups
 * keeps apart.
 */
export function groupsOf(map: Affine): number | undefined {
  if (map.kind === "step") {
    return map.op.hasKernel ? map.op.groups(map.params, { in: map.in, out: map.out }) : undefined;
  }
  const parts = map.kind === "chain" ? map.steps : map.terms.map((term) => term.map);
  return parts
    .map(groupsOf)
    .reduce(
      (a, b) => (a === undefined || b === undefined ? (a ?? b) : greatestCommonDivisor(a, b)),
      undefined,
    );
}
