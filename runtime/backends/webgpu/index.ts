import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tf } from "../../tensors.ts";
import type { Backend, MemoryUse } from "../backend.ts";
import { BackendUnavailable } from "../backend-unavailable.ts";
import { explainImportError } from "../import-optional.ts";
import { selectEngine } from "../select-engine.ts";
import { type Adapter, findAdapter } from "./find-adapter.ts";
import { driverRemedies, remedies } from "./gpu.ts";
import { registerKernels } from "./kernels/index.ts";
import { guardMemory } from "./memory-guard.ts";
import { type DeviceWatch, watchDevice } from "./watch-device.ts";

type RunningEngine = {
  readonly adapter: Adapter;
  readonly memory: MemoryUse;
  readonly watch: DeviceWatch;
};

let running: RunningEngine | undefined;

/**
 * Any GPU through WebGPU: in browsers, and in Node by way of the package `webgpu` (Dawn). Tensors are read with
 * `await tensor.data()` only. Opening it after its device was lost, or was out of memory, starts it anew.
 */
export async function openWebgpu(): Promise<Backend> {
  if (running?.watch.hasFailed()) forgetEngine();
  running ??= await startEngine();
  await selectEngine("webgpu", driverRemedies);
  const { adapter, memory } = running;
  const kind = adapter.isSoftware ? "in software, " : "";
  return {
    name: "webgpu",
    threads: 1,
    device: adapter.isSoftware ? "software gpu" : "gpu",
    tolerance: 1e-4,
    memory,
    describe: () =>
      `webgpu: TensorFlow.js ${tf.version_core} through WebGPU, ${kind}${adapter.name}`,
  };
}

async function startEngine(): Promise<RunningEngine> {
  const adapter = await findAdapter();
  await importEngine();
  // Small tensors that are not on the GPU yet would be computed by JavaScript, with other roundings: a resumed training would differ.
  tf.env().set("WEBGPU_CPU_FORWARD", false);
  await selectEngine("webgpu", driverRemedies);
  const engine = tf.backend() as WebGPUBackend;
  registerKernels();
  const watch = watchDevice(engine);
  const memory = guardMemory(engine, { onExhausted: watch.fail });
  return { adapter, memory, watch };
}

/** By its name and not through a variable, so that bundlers for browsers see it. */
async function importEngine(): Promise<void> {
  const specifier = "@tensorflow/tfjs-backend-webgpu";
  try {
    await import("@tensorflow/tfjs-backend-webgpu");
  } catch (error) {
    throw new BackendUnavailable("webgpu", explainImportError(error, specifier), remedies, error);
  }
}

/** Takes the engine of a lost device away but keeps the recipe for another. */
function forgetEngine(): void {
  const create = tf.findBackendFactory("webgpu");
  tf.removeBackend("webgpu");
  tf.registerBackend("webgpu", create, 3);
  running = undefined;
}
