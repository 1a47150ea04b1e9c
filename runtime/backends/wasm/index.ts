import { getThreadsCount, setWasmPaths, type BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../tensors.ts";
import type { Backend, BackendOptions, MemoryUse } from "../backend.ts";
import { countProcessors } from "../count-processors.ts";
import { selectEngine } from "../select-engine.ts";
import { type Crew, gatherCrew } from "./crew.ts";
import { registerKernels } from "./kernels/index.ts";
import { guardMemory } from "./memory-guard.ts";
import { startWithThreads } from "./threads.ts";

const remedies = [
  "It needs WebAssembly with SIMD, which Node has from version 16.4 on, and in a page the files of @tensorflow/tfjs-backend-wasm (option `wasmFiles`).",
];

type RunningEngine = {
  /** Threads that were asked for; a page may get fewer. */
  readonly wanted: number;
  readonly threads: number;
  readonly memory: MemoryUse;
  readonly crew: Crew | undefined;
};

let running: RunningEngine | undefined;

/**
 * The embedded default: WebAssembly with SIMD and threads; in a page, threads only where it is cross-origin isolated. Opening it with another
 * number of threads starts it anew, which loses the tensors of the earlier one.
 */
export async function openWasm(options: BackendOptions): Promise<Backend> {
  const wanted = options.threads ?? running?.wanted ?? countProcessors();
  if (options.wasmFiles !== undefined && running === undefined) setWasmPaths(options.wasmFiles);
  const engine = await provideEngine(Math.max(1, Math.floor(wanted)));
  const threads = engine.threads === 1 ? "1 thread" : `${engine.threads} threads`;
  const description = `wasm: TensorFlow.js ${tf.version_core} in WebAssembly with SIMD, ${threads}`;
  return {
    name: "wasm",
    threads: engine.threads,
    device: "cpu",
    tolerance: 2e-5,
    memory: engine.memory,
    describe: () => description,
  };
}

async function provideEngine(threads: number): Promise<RunningEngine> {
  if (running?.wanted === threads) {
    await selectEngine("wasm", remedies);
    return running;
  }
  if (running !== undefined) forgetEngine(running);
  running = await startEngine(threads);
  return running;
}

async function startEngine(wanted: number): Promise<RunningEngine> {
  const shared = await startWithThreads(wanted, () => selectEngine("wasm", remedies));
  const memory = guardMemory(tf.backend() as BackendWasm);
  const threads = getThreadsCount();
  const crew = shared === undefined ? undefined : await gatherCrew(shared, threads);
  registerKernels(crew);
  return { wanted, threads, memory, crew };
}

/** Takes the running engine away but keeps the recipe for another. */
function forgetEngine({ crew }: RunningEngine): void {
  crew?.dismiss();
  const create = tf.findBackendFactory("wasm");
  tf.removeBackend("wasm");
  tf.registerBackend("wasm", create);
  running = undefined;
}
