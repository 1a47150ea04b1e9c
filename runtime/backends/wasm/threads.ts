import type * as WorkerThreads from "node:worker_threads";
import { setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../tensors.ts";
import { builtinModule, isNode } from "../builtin-module.ts";
import type { SharedMemory } from "./web-assembly.ts";

const folder = "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd";

/**
 * Starts the engine with several threads. In a page that is all; under Node, tfjs-backend-wasm 4.22 refuses it for three reasons:
 * its flag for threads is forced to false there; Node's workers take no `blob:` address, which is how the
 * engine names its worker; and it takes at most half of the processors. The last two are lifted while
 * `start` runs, and only then.
 * @param start makes the engine the current one
 * @returns the engine's memory, which it shares with its workers, where it has any and they are Node's
 */
export async function startWithThreads(
  threads: number,
  start: () => Promise<void>,
): Promise<SharedMemory | undefined> {
  setThreadsCount(threads);
  if (isNode()) return startInNode(threads, start);
  await start();
  return undefined;
}

async function startInNode(
  threads: number,
  start: () => Promise<void>,
): Promise<SharedMemory | undefined> {
  const workerThreads = builtinModule("node:worker_threads") as Changeable<typeof WorkerThreads>;
  const operatingSystem = builtinModule("node:os");
  const { Worker } = workerThreads;
  const { cpus } = operatingSystem;
  const started: Started = { workers: [], memory: undefined };
  tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", true);
  workerThreads.Worker = acceptBlobs(Worker, started);
  operatingSystem.cpus = () => Array.from({ length: 2 * threads }, () => cpus()[0]!);
  try {
    await start();
  } finally {
    workerThreads.Worker = Worker;
    operatingSystem.cpus = cpus;
  }
  // Idle workers must not keep a finished program from ending.
  for (const worker of started.workers) worker.unref();
  return started.memory;
}

type Changeable<Module> = { -readonly [Name in keyof Module]: Module[Name] };

type WorkerMessage = { cmd?: string; wasmModule?: unknown; wasmMemory?: SharedMemory };

/** What is learned while the engine starts its workers. */
type Started = { readonly workers: WorkerThreads.Worker[]; memory: SharedMemory | undefined };

/** A worker class that evaluates the engine's worker source where it is given the source's blob address. */
function acceptBlobs(Original: typeof WorkerThreads.Worker, started: Started) {
  const require = builtinModule("node:module").createRequire(import.meta.url);
  const { wasmWorkerContents } = require(`${folder}.worker.js`) as { wasmWorkerContents: string };
  // The line breaks inside the source's string literals were lost when it was put into a template.
  const source = wasmWorkerContents.replace(/\n/g, "\\n");
  return class EngineWorker extends Original {
    constructor(address: string | URL, options?: WorkerThreads.WorkerOptions) {
      const isBlob = typeof address === "string" && address.startsWith("blob:");
      if (isBlob) super(source, { ...options, eval: true, execArgv: [] });
      else super(address, options);
      started.workers.push(this);
    }

    override postMessage(message: WorkerMessage, ...rest: never[]): void {
      const isLoading = message?.cmd === "load" && message.wasmModule !== undefined;
      if (isLoading) started.memory = message.wasmMemory;
      const path = isLoading ? { urlOrBlob: require.resolve(`${folder}.js`) } : {};
      super.postMessage(isLoading ? { ...message, ...path } : message, ...rest);
    }
  };
}
