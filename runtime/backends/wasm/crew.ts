import type { Worker } from "node:worker_threads";
import { builtinModule } from "../builtin-module.ts";
import { encodeModule } from "./assembly/encode.ts";
import { filterGradient } from "./assembly/filter-gradient.ts";
import { type SharedMemory, webAssembly } from "./web-assembly.ts";

/** Our own WebAssembly functions, run by several threads on the engine's memory. */
export type Crew = {
  readonly threads: number;
  /** Runs `filterGradient` once per list of arguments, at most one per thread, and waits for all of them. */
  run(shares: readonly (readonly number[])[]): void;
  /** Ends the threads; the crew is of no use afterwards. */
  dismiss(): void;
};

type FilterGradient = (...values: number[]) => void;

/** Layout of the control block: the number of the current job, how many workers are still busy, whether one failed, arguments. */
const [job, busy, failed, firstArgument] = [0, 1, 2, 3];
const argumentsPerShare = 32;
const patience = 60_000;

/** What a worker does: wait for a job, take its share of the arguments, run, sign off. */
const workerSource = `
const { parentPort, workerData } = require("node:worker_threads");
const { module, memory, cells, share } = workerData;
const { filterGradient } = new WebAssembly.Instance(module, { engine: { memory } }).exports;
const begin = ${firstArgument} + share * ${argumentsPerShare};
parentPort.postMessage("ready");
for (let seen = 0; ; ) {
  Atomics.wait(cells, ${job}, seen);
  seen = Atomics.load(cells, ${job});
  const count = cells[begin];
  try {
    if (count > 0) filterGradient(...cells.subarray(begin + 1, begin + 1 + count));
  } catch {
    Atomics.store(cells, ${failed}, 1);
  }
  if (Atomics.sub(cells, ${busy}, 1) === 1) Atomics.notify(cells, ${busy});
}`;

/** Instantiates the functions over a shared memory, here and in `threads - 1` workers; in Node, since a page's main thread may not wait for others. */
export async function gatherCrew(memory: SharedMemory, threads: number): Promise<Crew> {
  const module = new webAssembly.Module(encodeModule([filterGradient]));
  const instance = new webAssembly.Instance(module, { engine: { memory } });
  const own = instance.exports["filterGradient"] as FilterGradient;
  const cells = new Int32Array(
    new SharedArrayBuffer(4 * (firstArgument + threads * argumentsPerShare)),
  );
  const { Worker } = builtinModule("node:worker_threads");
  const workers = Array.from({ length: threads - 1 }, (_, index) => {
    const workerData = { module, memory, cells, share: index + 1 };
    // Without the program's own flags, which may be meant for its main script alone.
    return new Worker(workerSource, { eval: true, execArgv: [], workerData });
  });
  await Promise.all(workers.map(firstMessage));
  for (const worker of workers) worker.unref();
  return {
    threads,
    run: (shares) => runShares(own, cells, threads - 1, shares),
    dismiss: () => workers.forEach((worker) => void worker.terminate()),
  };
}

/** @throws what the worker ends with before; an error afterwards is nobody's to swallow, and ends the process as Node does with it */
export function firstMessage(worker: Pick<Worker, "once" | "off">): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown) => {
      worker.off("error", onError);
      resolve(message);
    };
    const onError = (error: unknown) => {
      worker.off("message", onMessage);
      reject(error as Error);
    };
    worker.once("message", onMessage);
    worker.once("error", onError);
  });
}

function runShares(
  own: FilterGradient,
  cells: Int32Array<SharedArrayBuffer>,
  workers: number,
  shares: readonly (readonly number[])[],
): void {
  for (let share = 1; share <= workers; share++) {
    const values = shares[share] ?? [];
    cells.set([values.length, ...values], firstArgument + share * argumentsPerShare);
  }
  Atomics.store(cells, busy, workers);
  Atomics.add(cells, job, 1);
  Atomics.notify(cells, job);
  try {
    own(...(shares[0] ?? []));
  } finally {
    waitForWorkers(cells);
  }
  if (Atomics.exchange(cells, failed, 0) !== 0) {
    throw new Error("repqc's own WebAssembly function failed in a thread; this is a bug in repqc.");
  }
}

function waitForWorkers(cells: Int32Array<SharedArrayBuffer>): void {
  for (let left = Atomics.load(cells, busy); left > 0; left = Atomics.load(cells, busy)) {
    if (Atomics.wait(cells, busy, left, patience) === "timed-out") {
      throw new Error("repqc's own worker threads do not answer; this is a bug in repqc.");
    }
  }
}
