import type { QuantizedModel } from "../ir/index.ts";
import { exactSignature, branchesSignature } from "./unit-signature.ts";
import type { Unit } from "./units.ts";

/** Blocks with the same branches. */
export interface Kind {
  /** `A` for the first. */
  readonly letter: string;
  readonly units: readonly Unit[];
  /** The one that is drawn in detail: the first of those of which there are most. */
  readonly example: Unit;
}

/** The kinds of blocks of a network that are worth a drawing of their own, in order. */
export function kindsOf(units: readonly Unit[], quantized: QuantizedModel): readonly Kind[] {
  const groups = groupedBy(units.filter(hasBranches), branchesSignature);
  return groups.map((group, index) => {
    const equal = groupedBy(group, (unit) => exactSignature(unit, quantized));
    const most = equal.reduce((best, one) => (one.length > best.length ? one : best));
    const [example] = most;
    if (!example) throw new Error("repqc bug: a kind without blocks");
    return { letter: letterOf(index), units: group, example };
  });
}

/** More than one op becomes one convolution. */
function hasBranches({ nodes }: Unit): boolean {
  return nodes.some((node) => node.kind === "island" && node.body.kind !== "step");
}

function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}

/** A to Z, then AA. */
function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}
