import type { Graph } from "./graph.ts";

/** What `repqc compile` writes and the runtime executes; `specs/schema/program.schema.json` is its published form. */
export interface Program {
  readonly format: "repqc-program";
  readonly version: 1;
  /** Declaration (with arguments) that was compiled. */
  readonly entry: string;
  /** Path of the spec, relative to where the compiler ran, and the declaration's text after expansion of nothing. */
  readonly source: string;
  /** The quantization policy with its arguments settled, as `RepQ(bits: 8)`, or absent: floating point. */
  readonly policy?: string;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly output: { readonly shape: readonly number[] };
  /** Weights of the train graph, in the order of the spec. */
  readonly weights: readonly WeightSpec[];
  /** Input and weights to `output`. Mode `train` takes statistics of the batch, `eval` the running ones. */
  readonly train: Graph;
  /** Weights to deployed weights; outputs are named by deployed path. No `input`; statistics are the running ones. */
  readonly merge: Graph;
  readonly deployed: readonly DeployedSpec[];
  /** Input and deployed weights to `output`: one convolution per block. */
  readonly deploy: Graph;
}

/** How a weight begins. Numbers are drawn in the order of the weight list. */
export type Initial =
  | { readonly kind: "constant"; readonly value: number }
  /** Uniform in ±bound. */
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "normal"; readonly deviation: number }
  /** From data: the trainer derives a quantizer's step from the value that it quantizes. */
  | { readonly kind: "step"; readonly of: "input" | "kernel" };

/**
 * What a weight is for. `statistic`: running mean or variance, updated by training but not by gradients. `step`: of a quantizer, positive.
 * Only `kernel` decays by default.
 */
export type WeightRole = "kernel" | "bias" | "scale" | "statistic" | "step";

export interface WeightSpec {
  /** Mirrors the spec, as `s2.1.dense.0.kernel`; stable. */
  readonly path: string;
  readonly shape: readonly number[];
  readonly role: WeightRole;
  readonly initial: Initial;
}

export interface DeployedSpec {
  readonly path: string;
  readonly shape: readonly number[];
  readonly role: "kernel" | "bias" | "scale" | "step";
}
