import type { BackendName } from "./backend.ts";

/** The names `openBackend` knows, best embedded one first; apart from it, so that a name can be checked without loading an engine. */
export const backendNames = [
  "wasm",
  "cpu",
  "tensorflow",
  "webgpu",
] as const satisfies readonly BackendName[];

/** What may be asked for: a backend, or `auto`, the best one that is there. */
export const backendChoices = ["auto", ...backendNames] as const;

export type BackendChoiceName = (typeof backendChoices)[number];
