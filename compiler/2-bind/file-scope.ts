import type { Bound, Scope } from "../handover.ts";

/** A scope under construction. */
export class FileScope extends Map<string, Bound> implements Scope {
  readonly lost = new Set<string>();
}
