import type { Instruction } from "../../compiler/ir/graph.ts";
import type { Lowering } from "../interpreter/lowering.ts";

/**
 * A rule by which numbers get onto a grid and the grid learns. Plain data and lowering only: the arithmetic is in
 * primitives, so that the emitter can use the same list without an engine.
 */
export interface Quantizer {
  readonly name: string;
  readonly doc: string;
  /** Lowers `quantize`: args v, step; attributes `low`, `high` and the rule's own. And `quantize_range`, without a step, where the rule has it. */
  lower(lowering: Lowering): void;
  /** Which primitive (v, high, perChannel, low) -> step training begins with, by the instruction's attributes. */
  initialStep(options: Instruction["attributes"]): InitialStep;
}

export type InitialStep =
  "leastErrorRange" | "leastErrorStep" | "lsqInitialStep" | "rangeStep" | "threeSigmaStep";
