import type { Call } from "../../grammar/index.ts";
import type { Affine, Promised } from "../ir/index.ts";
import { extentOf, groupsOf, misfitOf, printSides, sizeOfExtent } from "../ir/index.ts";
import type { Barrier } from "./barrier.ts";
import type { Environment } from "./context.ts";

/** A block with channels settled: an affine body, then barriers, with further affine stretches between them. */
export interface BlockInstance {
  readonly label: string;
  readonly promised: Promised;
  readonly promisedAt: Call["span"];
  readonly body: Affine;
  readonly rest: readonly (Barrier | Stretch)[];
}

/** Affine ops behind a barrier: an island of their own. */
export interface Stretch {
  readonly kind: "stretch";
  readonly body: Affine;
  readonly path: string;
}

/** A block inside a branch keeps its own promise too, though only the outer one is deployed. */
export function checkInner(
  { context }: Environment,
  { body, promised: { size, extent, groups }, promisedAt, label }: BlockInstance,
  { span }: Call,
): void {
  const own = extentOf(body);
  const related = [{ span: promisedAt, label: "promised here" }];
  const { height, width } = sizeOfExtent(own);
  const parameters = {
    branch: label,
    becomes: `conv(${size.height}x${size.width})`,
    reach: `${height}x${width}`,
    sides: printSides(own),
  };
  const misfit = misfitOf(extent, own);
  if (misfit === "too-wide")
    context.abandon("merge/branch-too-wide", span, parameters, { related });
  if (misfit === "off-anchor") context.abandon("merge/off-anchor", span, parameters, { related });
  if (misfit === "parity") context.abandon("merge/parity", span, parameters, { related });
  const kept = groupsOf(body);
  if (kept === undefined || kept % groups === 0) return;
  const found = kept === 1 ? "a dense kernel" : `${kept} groups`;
  context.abandon("merge/groups", span, { branch: label, groups, found }, { related });
}
