import type { HostTensor } from "../safetensors.ts";
import type { IntegerReport } from "../integer/index.ts";
import { EngineFailed, type Deployment, type Engine } from "./engine.ts";
import type { Chunk, Judge } from "./judge.ts";
import type { VerificationRow } from "./verification.ts";

export interface Watch {
  readonly onReport: (report: IntegerReport) => void;
  readonly onProgress: (engine: string, done: number, total: number) => void;
  readonly onOutputs?: ((engine: string, outputs: HostTensor) => void) | undefined;
}

/** An engine with its judge, or why it cannot run here. */
export interface Entry {
  readonly engine: Engine;
  readonly judge?: Judge;
  readonly missing?: { readonly kind: "missing"; readonly reason: string };
}

/** How the table calls them. */
interface Names {
  readonly reference: string;
  readonly of: (engine: Engine) => string;
}

/** A reference and the engines that are held against it, part by part of the examples. */
export class Comparison {
  private readonly deployment: Deployment;
  private readonly reference: Engine;
  private readonly entries: readonly Entry[];
  private readonly names: Names;
  private readonly failures = new Map<Engine, string>();

  constructor(
    deployment: Deployment,
    reference: Engine,
    entries: readonly Entry[],
    names: Names = { reference: reference.name, of: ({ name }) => name },
  ) {
    this.deployment = deployment;
    this.reference = reference;
    this.entries = entries;
    this.names = names;
  }

  /** @returns the reference's outputs */
  async compare(chunk: Chunk, { onReport, onProgress, onOutputs }: Watch): Promise<HostTensor> {
    const run = async (engine: Engine) => {
      const watch = (done: number, total: number) => onProgress(engine.name, done, total);
      const options = { onReport, onProgress: watch };
      const outputs = await engine.run(this.deployment, chunk.input, options);
      onOutputs?.(engine.name, outputs);
      return outputs;
    };
    const expected = await run(this.reference);
    for (const { engine, judge } of this.entries) {
      if (!judge || this.failures.has(engine)) continue;
      try {
        const found = await run(engine);
        requireShape(expected, found);
        await judge.compare(chunk, expected, found);
      } catch (error) {
        if (!(error instanceof EngineFailed)) throw error;
        this.failures.set(engine, error.message);
      }
    }
    return expected;
  }

  rows(): readonly VerificationRow[] {
    return this.entries.map(({ engine, judge, missing }) => {
      const reason = this.failures.get(engine);
      const found =
        reason !== undefined
          ? ({ kind: "failed", reason } as const)
          : (judge?.verdict() ?? missing);
      if (!found) throw new Error("repqc bug: an engine without a verdict");
      const file = engine.executes && this.deployment[engine.executes] && engine.executes;
      const names = { name: this.names.of(engine), against: this.names.reference };
      return { ...names, ...(file && { file }), found };
    });
  }
}

function requireShape({ shape }: HostTensor, found: HostTensor): void {
  if (shape.join() === found.shape.join()) return;
  throw new EngineFailed(`its outputs are [${found.shape}] instead of [${shape}]`);
}
