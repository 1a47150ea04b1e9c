import type { BackendName } from "./backend.ts";

/** The names `openBackend` knows, best embedded one first; apart from it, so that a name can be checked without loading an engine. */
export const backendNames = [
  "wasm",
  "cpu",
  "tensorflow",
  "webgpu",
] as const satisfies readonly BackendName[];
