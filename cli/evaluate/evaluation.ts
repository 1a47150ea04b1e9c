import type { Measured } from "./measure-graph.ts";

/** A graph that was measured. */
export interface MeasuredGraph {
  /** The branches as they were trained, with running statistics, or what they become. */
  readonly graph: "train" | "deploy";
  readonly found: Measured;
}

/** Weights, judged on data. */
export interface Evaluation {
  readonly entry: string;
  readonly policy: string | undefined;
  readonly weights: {
    readonly file: string;
    readonly sha256: string;
    readonly standing: string | undefined;
  };
  readonly data: { readonly name: string; readonly source: string; readonly size: number };
  readonly graphs: readonly MeasuredGraph[];
}
