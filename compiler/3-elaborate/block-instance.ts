import type { Call } from "../../grammar/index.ts";
import { findBrokenPromises } from "../broken-promise.ts";
import type { Affine, Promised, Wording } from "../ir/index.ts";
import type { Barrier } from "./barrier.ts";
import type { Environment } from "./context.ts";

/** A block with channels settled: an affine body, then barriers, with further affine stretches between them. */
export interface BlockInstance {
  readonly label: string;
  readonly promised: Promised;
  readonly promisedAt: Call["span"];
  readonly wording: Wording | undefined;
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
  instance: BlockInstance,
  { span }: Call,
): void {
  const whole = { name: instance.label, map: instance.body, span };
  const [broken] = findBrokenPromises(whole, instance);
  if (broken) context.abandon(broken.code, broken.span, broken.parameters, broken.extra);
}
