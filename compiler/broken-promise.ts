import type { Span } from "../grammar/source.ts";
import type { DiagnosticExtra, DiagnosticParameters } from "./diagnostics/index.ts";
import type { Affine, Extent, Promised } from "./ir/index.ts";
import {
  extentOf,
  findUncentred,
  groupsOf,
  misfitOf,
  printSides,
  sizeOfExtent,
} from "./ir/index.ts";

/** A branch, or the body of a whole block. */
export interface Part {
  readonly name: string;
  readonly map: Affine;
  readonly span: Span;
}

/** What a block promises, and where that stands. */
export interface Promising {
  readonly promised: Promised;
  readonly promisedAt: Span;
}

const codes = {
  "too-wide": "merge/branch-too-wide",
  "off-anchor": "merge/off-anchor",
  parity: "merge/parity",
} as const;

type Code = (typeof codes)[keyof typeof codes] | "merge/groups";

/** A diagnostic to be. */
export interface BrokenPromise {
  readonly code: Code;
  readonly span: Span;
  readonly parameters: DiagnosticParameters[Code];
  readonly extra: DiagnosticExtra;
}

/** Why a part has no place in the promised convolution (rules S2, S4): the promise of a block that deploys, or of one inside a branch. */
export function findBrokenPromises(part: Part, promising: Promising): readonly BrokenPromise[] {
  return [...findMisfit(part, promising), ...findMixedGroups(part, promising)];
}

function findMisfit({ name, map, span }: Part, at: Promising): readonly BrokenPromise[] {
  const { extent } = at.promised;
  const misfit = misfitOf(extent, extentOf(map));
  const uncentred = misfit ? undefined : findUncentred(map);
  const found = misfit ?? (uncentred && "parity");
  if (!found) return [];
  const own = extentOf(uncentred ?? map);
  const promise = printSize(extent);
  const parameters = {
    branch: name,
    becomes: `conv(${promise})`,
    reach: printSize(own),
    sides: printSides(own),
  };
  const around = isCentred(extent) ? "" : `: ${printSides(extent)} of its anchor`;
  const label = `the block promises a ${promise} kernel${around}`;
  const advice = found === "parity" && !uncentred ? adviceOnAnchors(extent, own) : {};
  const extra = { related: [{ span: at.promisedAt, label }], ...advice };
  return [{ code: codes[found], span: uncentred?.span ?? span, parameters, extra }];
}

/** Where some kernels have an anchor of their own, or only the promise lacks one, sizes do not tell what is wrong. */
function adviceOnAnchors(promise: Extent, own: Extent): DiagnosticExtra {
  if (!hasTapInMiddle(promise) && hasTapInMiddle(own)) {
    const { height, width } = sizeOfExtent(promise);
    const anchor = `${Math.ceil(height / 2)}x${Math.ceil(width / 2)}`;
    const help = `say which tap of the promise lies over the output, as in \`=> conv(${height}x${width}, anchor: ${anchor})\`, or change one of the kernels by one`;
    return { help };
  }
  if (isCentred(promise) && isCentred(own)) return {};
  const help =
    "give each even kernel of it an anchor, as in `conv(2x2, anchor: 1x1)`: without one it lies on the middle, between two taps";
  return { label: `reaches ${printSides(own)}`, help };
}

function hasTapInMiddle(extent: Extent): boolean {
  return extent.every(Number.isInteger);
}

function isCentred([above, below, left, right]: Extent): boolean {
  return above === below && left === right;
}

function findMixedGroups({ name, map, span }: Part, at: Promising): readonly BrokenPromise[] {
  const { groups } = at.promised;
  const own = groupsOf(map);
  if (own === undefined || own % groups === 0) return [];
  const parameters = {
    branch: name,
    groups,
    found: own === 1 ? "a dense kernel" : `${own} groups`,
  };
  const related = [{ span: at.promisedAt, label: `${groups} groups are promised here` }];
  return [{ code: "merge/groups", span, parameters, extra: { related } }];
}

function printSize(extent: Extent): string {
  const { height, width } = sizeOfExtent(extent);
  return `${height}x${width}`;
}
