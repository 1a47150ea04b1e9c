import type { Span } from "../grammar/source.ts";
import type { DiagnosticExtra, DiagnosticParameters } from "./diagnostics/index.ts";
import type { Affine, AffineStep, Extent, Promised } from "./ir/index.ts";
import {
  apart,
  extentOf,
  findOffLattice,
  findUncentred,
  greatestCommonDivisor,
  groupsOf,
  latticeOf,
  misfitOf,
  printPromise,
  printSides,
  sizeOfExtent,
  tapsAlong,
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
  const isWide = misfitOf(extent, extentOf(map), dilation) === "too-wide";
  const off = isWide ? undefined : findOffLattice(map, dilation);
  if (off) return [offLattice({ name, map, span }, off, at)];
  const misfit = misfitOf(extent, extentOf(map), dilation);
  const uncentred = misfit ? undefined : findUncentred(map, dilation);
  const found = misfit ?? (uncentred && "parity");
  if (!found) return [];
  const own = extentOf(uncentred ?? map);
  const parameters = {
    branch: name,
    becomes: printTaps(at.promised.size, dilation),
    reach: printSize(own),
    sides: printSides(own),
    whole: wholePromise(map, dilation),
  };
  const advice = found === "parity" && !uncentred ? adviceOnAnchors(at.promised, own) : {};
  const extra = { related: [promiseLabel(at)], ...advice };
  return [{ code: codes[found], span: uncentred?.span ?? span, parameters, extra }];
}

/** A step with taps between those that are promised. */
function offLattice({ name, map }: Part, step: AffineStep, at: Promising): BrokenPromise {
  const { size, dilation } = at.promised;
  const own = { extent: at.promised.extent, dilation: latticeOf(map) };
  const finer = greatestCommonDivisor(dilation, own.dilation);
  const parameters = {
    branch: name,
    becomes: printTaps(size, dilation),
    op: step.op.name,
    found: step.op.dilation(step.params),
    dilation,
    whole: printTaps(tapsAlong(at.promised.extent, finer), finer),
  };
  const extra = { related: [promiseLabel(at)] };
  return { code: "merge/off-lattice", span: step.span, parameters, extra };
}

function promiseLabel({ promised, promisedAt }: Promising) {
  const { extent, size, dilation } = promised;
  const taps = `${size.height}x${size.width} kernel`;
  const kernel =
    dilation > 1 ? `${taps} of dilation ${dilation}, which reaches ${printSize(extent)}` : taps;
  const around = isCentred(extent) ? "" : `: ${printSides(extent)} of its anchor`;
  return { span: promisedAt, label: `the block promises a ${kernel}${around}` };
}

/** The promise that a part would fit in, as far apart as the given taps where its own allow it. */
function wholePromise(map: Affine, dilation: number): string {
  const common = Math.max(1, greatestCommonDivisor(dilation, latticeOf(map)));
  return printTaps(tapsAlong(extentOf(map), common), common);
}

function printTaps(size: Promised["size"], dilation: number): string {
  return printPromise({ size, dilation, stride: 1, groups: 1 });
}

/** Where some kernels have an anchor of their own, or only the promise lacks one, sizes do not tell what is wrong. */
function adviceOnAnchors({ extent, size, dilation }: Promised, own: Extent): DiagnosticExtra {
  if (!hasTapInMiddle(extent, dilation) && hasTapInMiddle(own, dilation)) {
    const { height, width } = size;
    const anchor = `${Math.ceil(height / 2)}x${Math.ceil(width / 2)}`;
    const becomes = printTaps(size, dilation).replace(/\)$/, `, anchor: ${anchor})`);
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

function printSize(extent: Extent): string {
  const { height, width } = sizeOfExtent(extent);
  return `${height}x${width}`;
}
