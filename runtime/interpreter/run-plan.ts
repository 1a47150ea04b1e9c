import { tf } from "../tensors.ts";
import type { Argument, Call, Plan } from "../../compiler/ir/plan.ts";
import { primitives, type PrimitiveName } from "./primitives.ts";

/** Watches or replaces what a plan computes; for diagnosis and for initial steps. */
export interface Watch {
  /** Before a call, with its resolved arguments; may replace weights with `set`. */
  before?(call: Call, values: Values): void;
  /** After a call. The tensors live only until this returns: read or clone them here. */
  after?(call: Call, results: readonly tf.Tensor[]): void;
}

/** Tensors by value name. */
export type Values = Map<string, tf.Tensor>;

export interface RunOptions {
  readonly watch?: Watch;
  /** A whole number from 0 to 2^32 - 1, for primitives that draw; 0 unless told. */
  readonly draw?: number;
}

type Primitive = (...args: unknown[]) => tf.Tensor | Readonly<Record<string, tf.Tensor>>;

/**
 * Runs the calls of a plan one after another, adding what they yield to `values`, which holds the input and the
 * weights to begin with and never loses those. A call's own intermediate tensors, and values after their last use, are
 * disposed; a gradient tape, if one is recording, keeps by itself what it needs.
 */
export function runPlan(plan: Plan, values: Values, { watch = {}, draw = 0 }: RunOptions): void {
  for (const call of plan.calls) {
    watch.before?.(call, values);
    const results = runCall(call, values, draw);
    watch.after?.(call, results);
    for (const name of call.releases) {
      values.get(name)!.dispose();
      values.delete(name);
    }
  }
}

function runCall(call: Call, values: Values, draw: number): readonly tf.Tensor[] {
  const primitive = primitives[call.primitive as PrimitiveName] as Primitive;
  const args = call.arguments.map((argument) => resolve(argument, values, draw));
  const returned = tf.tidy(() => primitive(...args) as tf.TensorContainer) as ReturnType<Primitive>;
  return call.results.map(({ name, field }) => {
    const named = field === undefined ? returned : (returned as Record<string, tf.Tensor>)[field];
    const tensor = named as tf.Tensor;
    // A primitive may hand an argument on; a handle of its own lets each value die by itself.
    const result = args.includes(tensor) ? tf.clone(tensor) : tensor;
    values.set(name, result);
    return result;
  });
}

function resolve(argument: Argument, values: Values, draw: number): unknown {
  if ("given" in argument) return draw;
  if ("literal" in argument) return argument.literal;
  const tensor = values.get(argument.value);
  if (!tensor) throw new Error(`repqc bug: ${argument.value} is used before it is computed`);
  return tensor;
}
