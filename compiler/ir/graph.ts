import type { ValueType } from "./types.ts";

/** Numbers, text and flat lists: everything that an instruction may carry besides its arguments. */
export type Attribute =
  | number
  | string
  | boolean
  | readonly number[]
  | readonly (readonly number[])[]
  | readonly (readonly (readonly number[])[])[];

/** Name of a value, unique in its graph, as `%12`. */
export type ValueId = string;

/**
 * One step of a graph in static single assignment form. What it computes is given by its row in `instructions.ts`.
 *
 * `results` has one name, except for `statistics`, which yields mean and variance.
 */
export interface Instruction {
  readonly op: string;
  readonly results: readonly ValueId[];
  readonly types: readonly ValueType[];
  readonly args: readonly ValueId[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Instructions in executable order; `outputs` names what a caller gets. */
export interface Graph {
  readonly instructions: readonly Instruction[];
  readonly outputs: Readonly<Record<string, ValueId>>;
}
