import { builtinModule, isNode } from "./builtin-module.ts";

/** How many threads can run at once here; 1 where nobody tells. */
export function countProcessors(): number {
  if (isNode()) return builtinModule("node:os").availableParallelism();
  const { navigator } = globalThis as { navigator?: { readonly hardwareConcurrency?: number } };
  return navigator?.hardwareConcurrency ?? 1;
}
