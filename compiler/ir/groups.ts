import type { Affine, AffineJoin } from "./affine.ts";
import { partsOf } from "./affine.ts";
import { greatestCommonDivisor } from "./greatest-common-divisor.ts";

/**
 * Groups of the merged kernel: those that all parts keep apart. Nothing where there are only factors per channel, which any number of groups
 * keeps apart.
 */
export function groupsOf(map: Affine): number | undefined {
  if (map.kind === "step") {
    return map.op.hasKernel ? map.op.groups(map.params, { in: map.in, out: map.out }) : undefined;
  }
  if (map.kind === "concat" || map.kind === "split") return joinedGroups(map);
  return commonGroups(partsOf(map));
}

function commonGroups(parts: readonly Affine[]): number | undefined {
  return parts
    .map(groupsOf)
    .reduce(
      (a, b) => (a === undefined || b === undefined ? (a ?? b) : greatestCommonDivisor(a, b)),
      undefined,
    );
}

/** C7: parts that share their input mix all channels; equal shares stay apart. */
function joinedGroups({ kind, parts }: AffineJoin): number | undefined {
  if (kind === "concat") return 1;
  const own = commonGroups(parts);
  if (own === undefined) return undefined;
  return areEqualShares(parts) ? own * parts.length : 1;
}

/** Whether the parts of a split yield as many channels each, so that they are the groups of one kernel. */
export function areEqualShares(parts: readonly { readonly out: number }[]): boolean {
  return parts.every((part) => part.out === parts[0]?.out);
}
