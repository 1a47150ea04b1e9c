import { availableParallelism } from "node:os";
import { getThreadsCount, type BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../tensors.ts";
import type { Backend, BackendOptions } from "../backend.ts";
import { selectEngine } from "../select-engine.ts";
import { gatherCrew } from "./crew.ts";
import { registerKernels } from "./kernels/index.ts";
import { guardMemory } from "./memory-guard.ts";
import { startWithThreads } from "./threads.ts";

const remedies = ["It needs WebAssembly with SIMD, which Node has from version 16.4 on."];

/** Threads of the running engine; undefined before its first start. */
let running: number | undefined;

/**
 * The embedded default: WebAssembly with SIMD and threads. Opening it with another number of threads
 * starts it anew, which loses the tensors of the earlier one.
 */
export async function openWasm(options: BackendOptions): Promise<Backend> {
  const wanted = Math.max(1, Math.floor(options.threads ?? running ?? availableParallelism()));
  if (running !== undefined && running !== wanted) forgetEngine();
  if (running === undefined) await startEngine(wanted);
  else await selectEngine("wasm", remedies);
  const threads = running ?? wanted;
  return {
    name: "wasm",
    threads,
    describe: () =>
      `wasm: TensorFlow.js ${tf.version_core} in WebAssembly with SIMD, ${threads} threads`,
  };
}

async function startEngine(wanted: number): Promise<void> {
  const memory = await startWithThreads(wanted, () => selectEngine("wasm", remedies));
  guardMemory(tf.backend() as BackendWasm);
  running = getThreadsCount();
  registerKernels(memory === undefined ? undefined : await gatherCrew(memory, running));
}

/** Takes the running engine away but keeps the recipe for another. */
function forgetEngine(): void {
  const create = tf.findBackendFactory("wasm");
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", create);
  running = undefined;
}
