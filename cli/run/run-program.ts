import type { Program } from "../../compiler/ir/index.ts";
import { execute } from "../../runtime/execute.ts";
import { runInteger, type IntegerReport } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import { initializeSteps, runGradients } from "../../runtime/train/index.ts";
import {
  disposeAll,
  mergeWeights,
  takeFrom,
  toHostWeights,
  toTensors,
  type HostWeights,
} from "../../runtime/weights.ts";

export const runModes = ["train", "eval", "merged", "integer"] as const;
export type RunMode = (typeof runModes)[number];

export interface RunRequest {
  readonly program: Program;
  readonly mode: RunMode;
  readonly weights: HostWeights;
  readonly input: HostTensor;
  /** Mode `train`: gradients of sum(output * probe). */
  readonly probe?: HostTensor | undefined;
}

export interface RunResult {
  /** `output`, and by mode `after.<path>`, `grad.<path>`, `grad.input`, `merged.<path>`. */
  readonly tensors: HostWeights;
  /** Mode `integer`. */
  readonly report?: IntegerReport;
}

/** Runs one pass of a program in the current backend. */
export async function runProgram(request: RunRequest): Promise<RunResult> {
  const { program, mode, weights, input, probe } = request;
  switch (mode) {
    case "train":
      return probe
        ? withGradients(request, probe)
        : onePass(program.train, "train", weights, input);
    case "eval":
      return onePass(program.train, "eval", weights, input);
    case "merged": {
      const deployed = await mergeWeights(program, weights);
      const { tensors } = await onePass(program.deploy, "eval", deployed, input);
      return { tensors: new Map([...tensors, ...prefixed("merged", deployed)]) };
    }
    case "integer": {
      const deployed = await mergeWeights(program, weights);
      const { output, report } = runInteger(program.deploy, deployed, input);
      return { tensors: new Map([["output", output]]), report };
    }
  }
}

async function onePass(
  graph: Program["train"],
  mode: "train" | "eval",
  weights: HostWeights,
  input: HostTensor,
): Promise<RunResult> {
  const tensors = toTensors(weights);
  const x = tf.tensor(input.data, [...input.shape], "float32");
  const { outputs, updates } = execute(graph, { mode, weights: takeFrom(tensors), input: x });
  const results = new Map([...Object.entries(outputs), ...prefixed("after", updates)]);
  const host = await toHostWeights(results);
  for (const owned of [tensors, results]) disposeAll(owned);
  x.dispose();
  return { tensors: host };
}

async function withGradients(
  { program, weights, input }: RunRequest,
  probe: HostTensor,
): Promise<RunResult> {
  const gradients = await runGradients(program, weights, input, probe);
  const tensors = new Map([
    ["output", gradients.output],
    ...prefixed("after", gradients.updates),
    ...prefixed("grad", gradients.weights),
    ["grad.input", gradients.input],
  ]);
  return { tensors };
}

function prefixed<T>(prefix: string, tensors: ReadonlyMap<string, T>): readonly [string, T][] {
  return [...tensors].map(([path, tensor]) => [`${prefix}.${path}`, tensor]);
}

/** The weights with first steps, by the quantizers' rules, for those that have none; and which those are. */
export async function completeSteps(
  program: Program,
  weights: HostWeights,
  input: HostTensor,
): Promise<{ readonly weights: HostWeights; readonly initialized: readonly string[] }> {
  const isMissing = program.weights.some(({ path }) => !weights.has(path));
  if (!isMissing) return { weights, initialized: [] };
  const tensors = toTensors(weights);
  const x = tf.tensor(input.data, [...input.shape], "float32");
  const steps = initializeSteps(program, tensors, x);
  const host = await toHostWeights(steps);
  for (const owned of [tensors, steps]) disposeAll(owned);
  x.dispose();
  return { weights: new Map([...weights, ...host]), initialized: [...host.keys()] };
}
