import type { DeployedSpec, Plan, Program, WeightSpec } from "../ir/index.ts";
import type { Declaration } from "./declarations.ts";
import {
  drawName,
  isDrawing,
  functionBody,
  inputName,
  takeName,
  weightsName,
  type FunctionBody,
} from "./function-body.ts";
import { moduleHeader } from "./module-header.ts";
import { pastePrimitives, type PrimitiveSources } from "./paste-primitives.ts";

/** A program's graphs as calls of primitives; the runtime's `makePlan` makes them, and executes the same. */
export interface ProgramPlans {
  readonly trainStep: Plan;
  readonly evaluation: Plan;
  readonly merge: Plan;
  readonly deploy: Plan;
}

export interface ModuleRequest {
  readonly plans: ProgramPlans;
  readonly sources: PrimitiveSources;
  /** The call that made it, for the header. */
  readonly command: string;
}

/**
 * A program as a TypeScript module that depends on `@tensorflow/tfjs` alone: the train-time graph, the merge and the deployed graph, one line
 * per instruction, and the primitives that they call. It computes what the runtime computes, bit for bit, for it is the same calls of the same
 * functions. Formatting it is the caller's.
 */
export function programModule(
  program: Program,
  { plans, sources, command }: ModuleRequest,
): string {
  const all = [plans.trainStep, plans.evaluation, plans.merge, plans.deploy];
  const called = new Set(all.flatMap(({ calls }) => calls.map(({ primitive }) => primitive)));
  const pasted = pastePrimitives([...called], sources);
  const reserved = [...reservedWords, ...pasted.map(({ name }) => name)];
  const blocks = program.deployed
    .filter(({ role }) => role === "kernel")
    .map(({ path }) => path.split(".").slice(0, -1).join("."));
  const body = (plan: Plan, graph: Program["train"]) =>
    functionBody({ plan, graph, blocks, reserved });
  return [
    moduleHeader(program, command),
    `import * as tf from "@tensorflow/tfjs";`,
    types,
    weightTable(
      "weightTable",
      "Weights that are trained, in the order of the spec.",
      program.weights,
    ),
    weightTable(
      "deployedTable",
      "Weights of the deployed graph; `merge` makes them.",
      program.deployed,
    ),
    trainFunction(isDrawing(plans.trainStep)),
    trainedFunction(
      "trainStep",
      "One training step's forward pass.",
      body(plans.trainStep, program.train),
      isDrawing(plans.trainStep),
    ),
    trainedFunction(
      "evaluate",
      "The train graph with running statistics.",
      body(plans.evaluation, program.train),
    ),
    mergeFunction(body(plans.merge, program.merge)),
    deployFunction(program, body(plans.deploy, program.deploy)),
    takeFunction,
    "// What follows are the primitives, as the runtime of repqc has them.",
    ...pasted.map(({ text }: Declaration) => text),
  ].join("\n\n");
}

/** Names that the module itself needs, and words that no variable may have. */
const reservedWords =
  "tf train trainStep evaluate merge deploy weightTable deployedTable Trained Weights break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield await async of arguments eval".split(
    " ",
  );

const types = `/** Tensors by weight path; they stay the caller's. */
export type Weights = Readonly<Record<string, tf.Tensor>>;

export type Trained = {
  readonly output: tf.Tensor;
  /** What the running statistics become, by weight path; empty in evaluation. */
  readonly updates: Record<string, tf.Tensor>;
};`;

/** @param takesDraw whether statistics of a sample of positions are among what it measures */
function trainFunction(takesDraw: boolean): string {
  const call = (name: string, ...more: readonly string[]) =>
    `${name}(${[inputName, weightsName, ...more].join(", ")})`;
  const doc = `/**
 * The train-time graph. In training it normalizes by the statistics of the batch and is
 * differentiable in input and weights; otherwise it normalizes by the running ones and, where it is
 * quantized, computes with the integers that will be deployed.`;
  if (!takesDraw) {
    return `${doc}
 */
export function train(
  ${inputName}: tf.Tensor,
  ${weightsName}: Weights,
  { training }: { readonly training: boolean },
): Trained {
  return training ? ${call("trainStep")} : ${call("evaluate")};
}`;
  }
  return `${doc}
 *
 * Some statistics are of a sample of positions, which \`${drawName}\` decides: a whole number from 0 to
 * 2^32 - 1, another one for each step.
 */
export function train(
  ${inputName}: tf.Tensor,
  ${weightsName}: Weights,
  mode: { readonly training: false } | { readonly training: true; readonly ${drawName}: number },
): Trained {
  return mode.training ? ${call("trainStep", `mode.${drawName}`)} : ${call("evaluate")};
}`;
}

const takeFunction = `function ${takeName}(${weightsName}: Weights, path: string): tf.Tensor {
  const tensor = ${weightsName}[path];
  if (tensor === undefined) throw new Error(\`there is no weight \${path}\`);
  return tensor;
}`;

function weightTable(
  name: string,
  doc: string,
  specs: readonly (WeightSpec | DeployedSpec)[],
): string {
  const rows = specs.map(
    ({ path, shape, role }) =>
      `  { path: ${JSON.stringify(path)}, shape: ${JSON.stringify(shape)}, role: "${role}" },`,
  );
  return `/** ${doc} */\nexport const ${name} = [\n${rows.join("\n")}\n] as const;`;
}

function trainedFunction(
  name: string,
  doc: string,
  { lines, outputs, updates }: FunctionBody,
  takesDraw = false,
): string {
  const output = outputs[0]?.replace(/^"output": /, "");
  const parameter = takesDraw ? `, ${drawName}: number` : "";
  return `/** ${doc} */
function ${name}(${inputName}: tf.Tensor, ${weightsName}: Weights${parameter}): Trained {
  return tf.tidy(() => {
${lines.join("\n")}
return { output: ${output}, updates: { ${updates.join(", ")} } };
  });
}`;
}

function deployFunction({ input }: Program, { lines, outputs }: FunctionBody): string {
  return `/** The deployed graph: ${inputName} [batch, ${input.shape.join(", ")}] and the deployed weights to the output. */
export function deploy(${inputName}: tf.Tensor, ${weightsName}: Weights): tf.Tensor {
  return tf.tidy(() => {
${lines.join("\n")}
return ${outputs[0]?.replace(/^"output": /, "")};
  });
}`;
}

function mergeFunction({ lines, outputs }: FunctionBody): string {
  return `/** The deployed weights, by path: what the branches and their running statistics amount to. */
export function merge(${weightsName}: Weights): Record<string, tf.Tensor> {
  return tf.tidy(() => {
${lines.join("\n")}
return { ${outputs.join(", ")} };
  });
}`;
}
