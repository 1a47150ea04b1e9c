import { BackendUnavailable } from "./backend-unavailable.ts";
import { backendChoices, type BackendChoiceName } from "./backend-names.ts";
import type { Backend, BackendName, BackendOptions, OpenBackend } from "./backend.ts";
import { NodeTooOld } from "./builtin-module.ts";
import { chooseBackend } from "./choose-backend.ts";
import { findClosestName } from "./closest-name.ts";

export { backendNames, type BackendChoiceName } from "./backend-names.ts";
export { chooseBackend } from "./choose-backend.ts";
export { BackendUnavailable } from "./backend-unavailable.ts";
export type { Backend, BackendName, BackendOptions, MemoryUse } from "./backend.ts";
export { DeviceFailed } from "./webgpu/device-failed.ts";
export { TensorMemoryExhausted } from "./tensor-memory-exhausted.ts";

/** Every backend; each is loaded only when it is opened. */
const backends: Readonly<Record<BackendName, () => Promise<OpenBackend>>> = {
  wasm: async () => (await import("./wasm/index.ts")).openWasm,
  cpu: async () => (await import("./cpu.ts")).openCpu,
  tensorflow: async () => (await import("./tensorflow/index.ts")).openTensorflow,
  webgpu: async () => (await import("./webgpu/index.ts")).openWebgpu,
};

/** What a backend would compute on, where that is cheaper to know than to start it. */
const looks: Partial<Record<BackendName, () => Promise<Backend["device"]>>> = {
  webgpu: async () => {
    const { findAdapter } = await import("./webgpu/find-adapter.ts");
    return (await findAdapter()).isSoftware ? "software gpu" : "gpu";
  },
};

/** Backends that are always there, because they are dependencies and not options. */
const embedded: readonly BackendName[] = ["wasm", "cpu"];

/**
 * Starts a backend and makes it TensorFlow.js's current one.
 * @param name one of `backendNames`, or `auto` for the best one that is there: tensorflow with a GPU, then webgpu on hardware, then native
 *   tensorflow, then wasm. Any string is taken so that user input needs no check before
 * @throws BackendUnavailable with what, why, what to do, and which backends are there
 */
export async function openBackend(
  name: BackendChoiceName | (string & {}),
  options: BackendOptions = {},
): Promise<Backend> {
  if (name === "auto") {
    const look = async (one: BackendName) => looks[one]?.();
    return chooseBackend((one) => openNamed(one, options), look);
  }
  if (!isBackendName(name)) throw unknownBackend(name);
  return openNamed(name, options);
}

async function openNamed(name: BackendName, options: BackendOptions): Promise<Backend> {
  const open = await backends[name]();
  try {
    return await open(options);
  } catch (error) {
    if (error instanceof NodeTooOld)
      throw new BackendUnavailable(name, error.reason, [error.remedy], error);
    if (!(error instanceof BackendUnavailable)) throw error;
    throw withAlternatives(error);
  }
}

function isBackendName(name: string): name is BackendName {
  return Object.hasOwn(backends, name);
}

function unknownBackend(name: string): BackendUnavailable {
  const closest = findClosestName(name, backendChoices);
  const hint = closest === undefined ? [] : [`Did you mean "${closest}"?`];
  const known = `The backends are: ${backendChoices.join(", ")}.`;
  return new BackendUnavailable(name, "there is no backend of that name", [...hint, known]);
}

function withAlternatives(error: BackendUnavailable): BackendUnavailable {
  const others = embedded.filter((name) => name !== error.backend);
  const there = `These backends are there without installing anything: ${others.join(", ")}.`;
  return error.withRemedy(there);
}
