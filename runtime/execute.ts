import type { Graph } from "../compiler/ir/graph.ts";
import {
  makePlan,
  runPlan,
  type Mode,
  type Plan,
  type Values,
  type Watch,
} from "./interpreter/index.ts";
import { tf } from "./tensors.ts";

export interface ExecuteOptions {
  /** `train`: fake quantization, statistics of the batch. `eval`: integer levels, running statistics. */
  readonly mode: Mode;
  /** The tensor of a weight, by path; it stays the caller's. */
  readonly weights: (path: string) => tf.Tensor;
  /** [B, ...], for graphs that have an input; it stays the caller's. */
  readonly input?: tf.Tensor;
  /**
   * Decides what statistics of a sample of positions see: a whole number from 0 to 2^32 - 1, another one for each step
   * of a training. 0 unless told.
   */
  readonly draw?: number;
  readonly watch?: Watch;
}

export interface Execution {
  /** By output name. The caller's to dispose. */
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  /** Mode `train`: what the running statistics become, by weight path. The caller's to dispose. */
  readonly updates: ReadonlyMap<string, tf.Tensor>;
}

/**
 * Executes a graph. Under a gradient tape the outputs are differentiable in input and weights.
 * Everything but the result is disposed.
 */
export function execute(graph: Graph, options: ExecuteOptions): Execution {
  const plan = planOf(graph, options.mode);
  const run = (): Execution => {
    const values = leaves(plan, options);
    runPlan(plan, values, options);
    return collect(plan, values);
  };
  return tidyExecution(run);
}

const plans = new WeakMap<Graph, Map<Mode, Plan>>();

/** The plan of a graph, made once per mode. */
function planOf(graph: Graph, mode: Mode): Plan {
  const known = plans.get(graph) ?? new Map<Mode, Plan>();
  plans.set(graph, known);
  const plan = known.get(mode) ?? makePlan(graph, mode);
  known.set(mode, plan);
  return plan;
}

function leaves(plan: Plan, { weights, input }: ExecuteOptions): Values {
  const values: Values = new Map();
  if (plan.input !== undefined) {
    if (!input) throw new Error("repqc bug: this graph has an input, but none was given");
    values.set(plan.input, input);
  }
  for (const { name, path } of plan.weights) values.set(name, weights(path));
  return values;
}

/** Clones, because an output may be a weight itself, or two outputs one value. */
function collect(plan: Plan, values: Values): Execution {
  const outputs = Object.entries(plan.outputs).map(
    ([output, name]) => [output, tf.clone(values.get(name)!)] as const,
  );
  const updates = Object.entries(plan.updates).map(
    ([path, name]) => [path, tf.clone(values.get(name)!)] as const,
  );
  return { outputs: Object.fromEntries(outputs), updates: new Map(updates) };
}

/** `tf.tidy` for a result that holds a map. */
function tidyExecution(run: () => Execution): Execution {
  let execution: Execution | undefined;
  tf.tidy(() => {
    execution = run();
    return [...Object.values(execution.outputs), ...execution.updates.values()];
  });
  return execution!;
}
