import type { Segment, Selector } from "../../grammar/ast.ts";
import type { Place } from "./places.ts";

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

/** Walks the path once, keeping how many segments may have been used up so far: any number of `**` costs no more than their number. */
function matchesPath(segments: readonly Segment[], names: readonly string[]): boolean {
  let used = skipDepth(segments, new Set([0]));
  for (const name of names) {
    if (used.has(segments.length)) return true;
    const next = new Set<number>();
    for (const count of used) {
      const segment = segments[count];
      if (segment?.kind === "anyDepth") next.add(count);
      else if (segment && isAt(segment, name)) next.add(count + 1);
    }
    used = skipDepth(segments, next);
  }
  return used.has(segments.length);
}

/** `**` may also stand for nothing. */
function skipDepth(segments: readonly Segment[], used: ReadonlySet<number>): ReadonlySet<number> {
  const all = new Set(used);
  for (const count of all) if (segments[count]?.kind === "anyDepth") all.add(count + 1);
  return all;
}

function isAt(segment: Segment, name: string): boolean {
  switch (segment.kind) {
    case "any":
    case "anyDepth":
      return true;
    case "index":
      return String(segment.value) === name;
    case "call":
      return segment.name.text === name;
  }
}
