/**
 * A graph as calls of primitives, one function call each, for one mode. It is plain data: the interpreter runs it, the
 * emitter prints it, so both do the same arithmetic in the same order.
 */
export interface Plan {
  readonly mode: Mode;
  /** Name of the input's value, where the graph has an input. */
  readonly input?: string;
  /** Weights in the order of the graph: the value `name` is the weight at `path`. */
  readonly weights: readonly WeightValue[];
  readonly calls: readonly Call[];
  /** Value of each output. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Mode `train`: the value that follows each running statistic, by weight path. */
  readonly updates: Readonly<Record<string, string>>;
}

/** `train`: fake quantization and batch statistics. `eval`: integer levels and running statistics. */
export type Mode = "train" | "eval";

export interface WeightValue {
  readonly name: string;
  readonly path: string;
}

/** `results = primitive(...arguments)`. */
export interface Call {
  /** Exported name of the primitive; `primitiveFile` of the runtime says where it is. */
  readonly primitive: string;
  readonly arguments: readonly Argument[];
  /** One without `field`: the returned tensor. Otherwise the named fields of the returned object. */
  readonly results: readonly Result[];
  /** Values of earlier calls that nobody needs after this one. */
  readonly releases: readonly string[];
  /** What to call this step in messages, as `conv %34`, or the instruction's path where it has one. */
  readonly label: string;
}

export type Argument =
  | { readonly value: string }
  | { readonly literal: Literal }
  /** The step's draw, a whole number from 0 to 2^32 - 1 that whoever runs the plan gives. */
  | { readonly given: "draw" };

export interface Result {
  readonly name: string;
  readonly field?: string;
}

/** A constant argument, JSON. `undefined` stands for an optional argument that is left out before given ones. */
export type Literal =
  number | string | boolean | readonly Literal[] | { readonly [name: string]: Literal };
