import { BackendUnavailable } from "./backend-unavailable.ts";
import { backendNames } from "./backend-names.ts";
import type { Backend, BackendName, BackendOptions, OpenBackend } from "./backend.ts";
import { findClosestName } from "./closest-name.ts";

export { backendNames } from "./backend-names.ts";
export { BackendUnavailable } from "./backend-unavailable.ts";
export type { Backend, BackendName, BackendOptions, MemoryUse } from "./backend.ts";
export { TensorMemoryExhausted } from "./wasm/memory-guard.ts";

/** Every backend; each is loaded only when it is opened. */
const backends: Readonly<Record<BackendName, () => Promise<OpenBackend>>> = {
  wasm: async () => (await import("./wasm/index.ts")).openWasm,
  cpu: async () => (await import("./cpu.ts")).openCpu,
  tensorflow: async () => (await import("./tensorflow.ts")).openTensorflow,
  webgpu: async () => (await import("./webgpu.ts")).openWebgpu,
};

/** Backends that are always there, because they are dependencies and not options. */
const embedded: readonly BackendName[] = ["wasm", "cpu"];

/**
 * Starts a backend and makes it TensorFlow.js's current one.
 * @param name one of `backendNames`; any string is taken so that user input needs no check before
 * @throws BackendUnavailable with what, why, what to do, and which backends are there
 */
export async function openBackend(
  name: BackendName | (string & {}),
  options: BackendOptions = {},
): Promise<Backend> {
  if (!isBackendName(name)) throw unknownBackend(name);
  const open = await backends[name]();
  try {
    return await open(options);
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    throw withAlternatives(error);
  }
}

function isBackendName(name: string): name is BackendName {
  return Object.hasOwn(backends, name);
}

function unknownBackend(name: string): BackendUnavailable {
  const closest = findClosestName(name, backendNames);
  const hint = closest === undefined ? [] : [`Did you mean "${closest}"?`];
  const known = `The backends are: ${backendNames.join(", ")}.`;
  return new BackendUnavailable(name, "there is no backend of that name", [...hint, known]);
}

function withAlternatives(error: BackendUnavailable): BackendUnavailable {
  const others = embedded.filter((name) => name !== error.backend);
  const there = `These backends are there without installing anything: ${others.join(", ")}.`;
  return error.withRemedy(there);
}
