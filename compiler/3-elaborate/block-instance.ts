import type { Call } from "../../grammar/index.ts";
import type { Affine, Promised } from "../ir/index.ts";
import { groupsOf, reachOf } from "../ir/index.ts";
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
  { body, promised: { size, groups }, promisedAt, label }: BlockInstance,
  { span }: Call,
): void {
  const reach = reachOf(body);
  const own = groupsOf(body);
  const promise = `conv(${size.height}x${size.width})`;
  const related = [{ span: promisedAt, label: "promised here" }];
  const parameters = { branch: label, becomes: promise, reach: `${reach.height}x${reach.width}` };
  if (reach.height > size.height || reach.width > size.width)
    context.abandon("merge/branch-too-wide", span, parameters, { related });
  if ((size.height - reach.height) % 2 !== 0 || (size.width - reach.width) % 2 !== 0)
    context.abandon("merge/parity", span, parameters, { related });
  if (own === undefined || own % groups === 0) return;
  const found = own === 1 ? "a dense kernel" : `${own} groups`;
  context.abandon("merge/groups", span, { branch: label, groups, found }, { related });
}
