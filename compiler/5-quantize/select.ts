import type { Segment, Selector } from "../../grammar/ast.ts";
import type { NodeId } from "../ir/index.ts";

/** What a selector can point at. Counts are of convolutions and dense layers; NaN for what is neither. */
export interface Place {
  readonly id: NodeId;
  readonly path: string;
  readonly fromFirst: number;
  readonly fromLast: number;
}

/** Rule S10: `first`, `last`, `last(n)`, or a path; a path also selects all that lies beneath it. */
export function matches({ segments }: Selector, place: Place): boolean {
  const [only] = segments;
  if (segments.length === 1 && only?.kind === "call") {
    const count = countOf(only);
    if (only.name.text === "first") return place.fromFirst < count;
    if (only.name.text === "last") return place.fromLast < count;
  }
  return matchesPath(segments, place.path.split("."));
}

/** `last` alone means one. */
function countOf(call: Segment & { readonly kind: "call" }): number {
  const value = call.args?.[0]?.value;
  return value?.kind === "number" ? value.value : 1;
}

function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  const [segment, ...others] = segments;
  const [name, ...rest] = names;
  if (!segment) return true;
  if (segment.kind === "anyDepth")
    return matchesPath(others, names) || (name !== undefined && matchesPath(segments, rest));
  if (name === undefined) return false;
  const isHere =
    segment.kind === "any" ||
    (segment.kind === "index" && String(segment.value) === name) ||
    (segment.kind === "call" && segment.name.text === name);
  return isHere && matchesPath(others, rest);
}
