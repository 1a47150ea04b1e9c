import type { Program } from "../../compiler/ir/program.ts";
import { execute, type Execution } from "../execute.ts";
import { tf } from "../tensors.ts";
import { takeFrom } from "../weights.ts";
import { thinTape } from "./thin-tape.ts";

export interface Derivative {
  /** What was differentiated. */
  readonly value: tf.Tensor;
  /** Output of the train graph. */
  readonly output: tf.Tensor;
  /** By what they are gradients of; absent where the value does not depend on it. */
  readonly gradients: ReadonlyMap<string, tf.Tensor>;
  /** What the running statistics become, by path. */
  readonly updates: ReadonlyMap<string, tf.Tensor>;
}

export interface DifferentiateOptions {
  readonly weights: ReadonlyMap<string, tf.Tensor>;
  readonly input: tf.Tensor;
  /** What to differentiate by: weight paths. */
  readonly by: readonly string[];
  /** Also by the input, under this name. */
  readonly inputName?: string;
  /** From the output to the value; the output itself unless told. */
  readonly objective?: (output: tf.Tensor) => tf.Tensor;
  /** Gradient of the value, of its shape; ones unless told. */
  readonly probe?: tf.Tensor;
  /** What `ExecuteOptions` calls so. */
  readonly draw?: number;
}

/** Runs a program's train graph in mode `train`, forward and backward. All tensors of the result are the caller's to dispose. */
export function differentiate(program: Program, options: DifferentiateOptions): Derivative {
  const { weights, input, by, inputName, objective = tf.clone, probe, draw = 0 } = options;
  const take = takeFrom(weights);
  const variables = by.map((path) => [path, take(path)] as const);
  const all = inputName === undefined ? variables : [...variables, [inputName, input] as const];
  let execution: Execution | undefined;
  const derive = (): Derivative => {
    const run = () => {
      execution = execute(program.train, { mode: "train", weights: take, input, draw });
      keepExecution(execution);
      const value = objective(execution.outputs["output"]!);
      thinTape();
      return value;
    };
    const tensors = all.map(([, tensor]) => tensor);
    const { value, grads } = tf.engine().gradients(run, tensors, probe && tf.clone(probe), true);
    const pairs = all.map(([name], n) => [name, grads[n]] as const);
    const gradients = new Map(
      pairs.filter((pair): pair is readonly [string, tf.Tensor] => pair[1] != null),
    );
    const { outputs, updates } = execution!;
    return { value, output: outputs["output"]!, gradients, updates };
  };
  try {
    return tidied(derive);
  } catch (error) {
    // Kept, and so not tidied: an engine whose memory is full must get it back.
    if (execution) tf.dispose([execution.outputs, ...execution.updates.values()]);
    throw error;
  }
}

/** The gradient engine runs the forward pass in a tidy of its own, out of which only the value comes. */
function keepExecution({ outputs, updates }: Execution): void {
  for (const tensor of [...Object.values(outputs), ...updates.values()]) tf.keep(tensor);
}

/** `tf.tidy` for a result that holds maps. */
function tidied(run: () => Derivative): Derivative {
  let derivative: Derivative | undefined;
  tf.tidy(() => {
    derivative = run();
    return [derivative.value, ...derivative.gradients.values()];
  });
  return derivative!;
}
