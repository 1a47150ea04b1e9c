import { textOf, type Span } from "../grammar/source.ts";
import type { DiagnosticExtra, DiagnosticParameters } from "./diagnostics/index.ts";
import type { Affine, Extent, Found, Promised, Wording } from "./ir/index.ts";
import {
  apart,
  extentAround,
  extentOf,
  findOffLattice,
  findUncentred,
  groupsOf,
  misfitOf,
  printOther,
  printSides,
  printTaps,
  sizeOfExtent,
} from "./ir/index.ts";
import { commonDistance, frameAround } from "./wider-promise.ts";

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
  readonly wording: Wording | undefined;
}

const codes = {
  "too-wide": "merge/branch-too-wide",
  "off-anchor": "merge/off-anchor",
  parity: "merge/parity",
} as const;

type Code = (typeof codes)[keyof typeof codes] | "merge/off-lattice" | "merge/groups";

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
  const { extent, dilation } = at.promised;
  const misfit = misfitOf(extent, extentOf(map), dilation);
  const off = misfit === "too-wide" ? undefined : findOffLattice(map, dilation);
  if (off) return [offLattice({ name, map, span }, off, at)];
  // Of terms that lie half a position off each other no promise has the taps, however wide.
  const uncentred = findUncentred(map, misfit ? 1 : dilation);
  const found = uncentred ? "parity" : misfit;
  if (!found) return [];
  const own = extentOf(uncentred ?? map);
  const distance = commonDistance(map, dilation);
  const whole = { extent: frameAround(extentOf(map), at.promised, distance), dilation: distance };
  const parameters = {
    branch: name,
    becomes: printTaps(at),
    reach: printReach(own),
    sides: printSides(own),
    whole: printOther(at, whole),
  };
  const related = [promiseLabel(at)];
  const code = codes[found];
  if (uncentred && !isWithin(uncentred.span, map.span)) {
    const inner = { span: uncentred.span, label: `reaches ${printReach(own)}` };
    const extra = { related: [inner, ...related], label: "has kernels that share no middle" };
    return [{ code, span, parameters, extra }];
  }
  const advice = found === "parity" && !uncentred ? adviceOnAnchors(at, own) : {};
  return [{ code, span: uncentred?.span ?? span, parameters, extra: { related, ...advice } }];
}

/** A step with taps between those that are promised; of a block inside the branch, what stands for it there. */
function offLattice({ name, map }: Part, { step, path }: Found, at: Promising): BrokenPromise {
  const { extent, dilation } = at.promised;
  const found = step.op.dilation(step.params);
  const whole = printOther(at, { extent, dilation: commonDistance(map, dilation) });
  const parameters = {
    branch: name,
    becomes: printTaps(at),
    op: step.op.name,
    found,
    dilation,
    whole,
  };
  const place = path.findLast((part) => isWithin(part.span, map.span)) ?? map;
  const related = [promiseLabel(at)];
  const code = "merge/off-lattice";
  if (place === step) return { code, span: step.span, parameters, extra: { related } };
  const [block = "this block"] = /^\w+/.exec(textOf(place.span)) ?? [];
  const extra = {
    label: `has taps ${found} apart`,
    related: [{ span: step.span, label: `the taps of this \`${step.op.name}\`` }, ...related],
    help: `give \`${block}\` a \`dilation: ${dilation}\` too, or promise \`${whole}\`, which has taps there too`,
  };
  return { code, span: place.span, parameters, extra };
}

/** Whether a text is part of another. */
function isWithin(inner: Span, outer: Span): boolean {
  return (
    inner.source.path === outer.source.path && inner.start >= outer.start && inner.end <= outer.end
  );
}

function promiseLabel({ promised, promisedAt, wording }: Promising) {
  const { extent, size, dilation } = promised;
  const label = (text: string) => ({ span: promisedAt, label: text });
  if (!wording) return label("this becomes one convolution");
  if (!wording.hasSize && wording.hasDilation && dilation > 1)
    return label(`the block promises taps ${dilation} apart`);
  if (!wording.hasSize) return label("the block promises no size: it takes that of its branches");
  const taps = `${size.height}x${size.width} kernel`;
  const kernel =
    dilation > 1 ? `${taps} of dilation ${dilation}, which reaches ${printReach(extent)}` : taps;
  const around = isCentred(extent) ? "" : `: ${printSides(extent)} of its anchor`;
  return label(`the block promises a ${kernel}${around}`);
}

/** Where some kernels have an anchor of their own, or only the promise lacks one, sizes do not tell what is wrong. */
function adviceOnAnchors({ promised, wording }: Promising, own: Extent): DiagnosticExtra {
  const { extent, size, dilation } = promised;
  if (wording?.hasSize && !hasTapInMiddle(extent, dilation) && hasTapInMiddle(own, dilation)) {
    const anchor = { height: Math.ceil(size.height / 2), width: Math.ceil(size.width / 2) };
    const anchored = { extent: apart(extentAround(size, anchor), dilation), dilation };
    const becomes = printOther({ promised, wording }, anchored);
    const help = `say which tap of the promise lies over the output, as in \`=> ${becomes}\`, or change one of the kernels by one`;
    return { help };
  }
  if (isCentred(extent) && isCentred(own)) return {};
  const help =
    "give each even kernel of it an anchor, as in `conv(2x2, anchor: 1x1)`: without one it lies on the middle, between two taps";
  return { label: `reaches ${printSides(own)}`, help };
}

function hasTapInMiddle(extent: Extent, dilation: number): boolean {
  return apart(extent, 1 / dilation).every(Number.isInteger);
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

/** Of kernels that do not fit together, whose sizes are no whole numbers, what they reach on each side. */
function printReach(extent: Extent): string {
  const { height, width } = sizeOfExtent(extent);
  const isWhole = Number.isInteger(height) && Number.isInteger(width);
  return isWhole ? `${height}x${width}` : printSides(extent);
}
