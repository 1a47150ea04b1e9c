import { BackendUnavailable, openBackend } from "../../runtime/backends/index.ts";
import type { Backend, BackendName } from "../../runtime/backends/index.ts";
import { runChecks, type Check } from "./checks.ts";
import { compileBlock } from "./probe-block.ts";
import { prepareStep } from "./training-step.ts";

/** What became of an engine in a process of its own. */
export type EngineReport =
  | {
      readonly name: BackendName;
      readonly state: "absent";
      readonly reason: string;
      readonly remedies: readonly string[];
    }
  | {
      readonly name: BackendName;
      /** `broken`: it ended the process, did not answer, or failed while it computed. */
      readonly state: "broken";
      readonly reason: string;
    }
  | {
      readonly name: BackendName;
      /** `wrong`: it is there, and computes something else than float64. */
      readonly state: "right" | "wrong";
      readonly engine: string;
      readonly device: Backend["device"];
      readonly threads: number;
      readonly checks: readonly Check[];
      readonly step: StepTime;
      readonly memory: MemoryPeaks;
    };

/** A quantization-aware training step of a block on maps of 16x16x32. */
export interface StepTime {
  readonly milliseconds: number;
  readonly images: number;
  readonly imagesPerSecond: number;
}

export interface MemoryPeaks {
  /** Bytes of tensors of that step, where the engine counts them. */
  readonly tensors?: number;
  /** Most bytes that the process ever had in memory. */
  readonly process: number;
}

/** Starts an engine, compares it with float64 and times a step. */
export async function testEngine(name: BackendName, threads?: number): Promise<EngineReport> {
  let backend: Backend;
  try {
    backend = await openBackend(name, threads === undefined ? {} : { threads });
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    const { reason, remedies } = error;
    return { name, state: "absent", reason, remedies };
  }
  const checks = await runChecks(backend.tolerance);
  const { step, tensors } = await timeStep(backend);
  const { device } = backend;
  return {
    name,
    state: checks.every(({ error, allowed }) => error <= allowed) ? "right" : "wrong",
    engine: backend.describe(),
    device,
    threads: backend.threads,
    checks,
    step,
    memory: {
      ...(tensors !== undefined && { tensors }),
      process: process.resourceUsage().maxRSS * 1024,
    },
  };
}

/** Images of the step: as many as the engine manages in this time. */
const batches = [1, 8, 32] as const;
const patience = 200;

async function timeStep(backend: Backend): Promise<{ step: StepTime; tensors?: number }> {
  const { program } = compileBlock([16, 16, 32]);
  const { memory } = backend;
  for (const images of batches) {
    const { run, peakBytes } = await prepareStep(program, images, memory);
    const first = await run();
    const isLast = images === batches.at(-1);
    if (!isLast && first < patience) continue;
    const times = [first];
    while (times.length < 5 && sum(times) < 2000) times.push(await run());
    const milliseconds = Math.min(...times);
    const step = { milliseconds, images, imagesPerSecond: (1000 * images) / milliseconds };
    return memory === undefined ? { step } : { step, tensors: await peakBytes() };
  }
  throw new Error("repqc bug: no batch was measured");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
