import type { IntegerReport } from "../integer/index.ts";
import type { HostTensor } from "../safetensors.ts";
import { Comparison, type Entry } from "./comparison.ts";
import type { Deployment, Engine, GivenFile } from "./engine.ts";
import { deployedGraph } from "./engines/deployed-graph.ts";
import { integerExecutor } from "./engines/integer-executor.ts";
import { trainingGraph } from "./engines/training-graph.ts";
import { joinReports } from "./join-reports.ts";
import { judgesFor } from "./judges-for.ts";
import { isSound } from "./is-sound.ts";
import type { Verification } from "./verification.ts";

export interface VerifyOptions {
  readonly engines: readonly Engine[];
  /** The same model without quantizers: its branches are compared with its merged convolutions, which is what merging costs. */
  readonly floating?: Deployment;
  /** Called while an engine runs, with how far it is in the present part of the examples. */
  readonly onProgress?: (engine: string, done: number, total: number) => void;
  /** Called with an engine's outputs for the present part, those of the reference first; not with those of `floating`. */
  readonly onOutputs?: (engine: string, outputs: HostTensor) => void;
}

/**
 * Runs a model in every engine on the same inputs and compares the outputs with the first of these that is there: the training graph in mode
 * `eval`, the integer executor, the merged graph. Of a quantized model each engine must give the same bits, or a doubt must explain why
 * not; of one in floating point the same numbers within rounding.
 *
 * @param input examples, or parts of them one after another, none empty
 * @throws WrongTensor when the input or a weight does not fit; InvalidStep; NoIntegerForm where activations are quantized and a sum is not
 */
export async function verifyDeployment(
  deployment: Deployment,
  input: HostTensor | AsyncIterable<HostTensor>,
  options: VerifyOptions,
): Promise<Verification> {
  const { engines, floating, onProgress, onOutputs } = options;
  const own = await openComparison(deployment, engines);
  const merge = floating ? await openMergeComparison(floating) : undefined;
  const comparisons = merge ? [own, merge] : [own];
  const reports: IntegerReport[] = [];
  let [examples, outputs] = [0, 0];
  for await (const part of "data" in input ? [input] : input) {
    const chunk = { input: part, first: examples };
    for (const comparison of comparisons) {
      const { data } = await comparison.compare(chunk, {
        onReport: (report) => void reports.push(report),
        onProgress: (engine, done, total) => onProgress?.(engine, done, total),
        onOutputs: comparison === own ? onOutputs : undefined,
      });
      if (comparison === own) outputs += data.length;
    }
    examples += part.shape[0] ?? 0;
  }
  const rows = comparisons.flatMap((comparison) => comparison.rows());
  return {
    examples,
    outputs,
    rows,
    ...(reports.length > 0 && { integers: joinReports(deployment.program.deploy, reports) }),
    isVerified: isSound(examples, own.rows(), givenFiles(deployment)) && isSound(examples, rows),
  };
}

function givenFiles({ onnx, tfjs }: Deployment): readonly GivenFile[] {
  return [...(onnx ? ["onnx" as const] : []), ...(tfjs ? ["tfjs" as const] : [])];
}

async function openComparison(
  deployment: Deployment,
  engines: readonly Engine[],
): Promise<Comparison> {
  const reference = await firstThere(deployment);
  const judges = judgesFor(deployment);
  const entries: Entry[] = [];
  for (const engine of engines.filter((one) => one !== reference)) {
    const reason = await engine.missing(deployment);
    if (reason === undefined) entries.push({ engine, judge: judges() });
    else entries.push({ engine, missing: { kind: "missing", reason } });
  }
  return new Comparison(deployment, reference, entries);
}

/** Branches in floating point against merged convolutions in floating point. */
async function openMergeComparison(floating: Deployment): Promise<Comparison> {
  const judge = judgesFor(floating)();
  const names = { reference: "branches, floating point", of: () => "merged, floating point" };
  return new Comparison(floating, trainingGraph, [{ engine: deployedGraph, judge }], names);
}

async function firstThere(deployment: Deployment): Promise<Engine> {
  for (const engine of [trainingGraph, integerExecutor]) {
    if ((await engine.missing(deployment)) === undefined) return engine;
  }
  return deployedGraph;
}
