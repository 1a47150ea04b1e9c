import type { Doubt } from "./doubt/doubt.ts";

/** What was found of one engine's outputs. */
export type Verdict = BitVerdict | ToleranceVerdict;

/** Outputs that should have the same bits. */
export interface BitVerdict {
  readonly kind: "bits";
  /** Output values compared. */
  readonly compared: number;
  /** Values that are not equal (0 and -0 are; a NaN equals nothing). */
  readonly differing: number;
  /** Of those, the ones that a doubt explains. */
  readonly explained: number;
  /** Largest absolute difference; Infinity where a NaN was met. */
  readonly largest: number;
  /** The same in steps of its output, see `outputSteps`. */
  readonly largestSteps: number;
  /** Every explained difference, and the first of the others. */
  readonly differences: readonly Difference[];
  /** Whether explained differences are too many: one in {@link rarity} outputs, or more. */
  readonly isTooOften: boolean;
  readonly isVerified: boolean;
}

export interface Difference {
  /** [example, row, column, channel] or [example, channel]. */
  readonly position: readonly number[];
  readonly expected: number;
  readonly found: number;
  /** Of the distance: in steps of that output, or of its terms in floating point. */
  readonly size: number;
  /** What it depends on. */
  readonly doubt?: Doubt;
  /** Why that explains nothing; absent where it does, and in floating point. */
  readonly unexplained?: Unexplained;
}

export type Unexplained =
  /** Everything that it depends on is exact in any engine. */
  | "nothing in doubt"
  /** No choice of roundings gives this number. */
  | "beyond the doubt"
  /** Of its output, and no one rule for halves gives the example's outputs. */
  | "more than a step"
  /** Differences in other examples were unexplained, or too many. */
  | "not examined";

/** Explained differences stay below one in so many outputs. */
export const rarity = 10_000;

/** Outputs in floating point, which engines round differently on the way. */
export interface ToleranceVerdict {
  readonly kind: "tolerance";
  readonly compared: number;
  /** Values that are not equal. */
  readonly differing: number;
  /** Values that differ by more than the tolerance. */
  readonly beyond: number;
  /** Largest absolute difference. */
  readonly largest: number;
  /** Largest difference relative to the terms of its output, see `withTermSizes`. */
  readonly largestOfTerms: number;
  /** What is allowed of the terms. */
  readonly tolerance: number;
  /** The first values beyond the tolerance. */
  readonly differences: readonly Difference[];
  readonly isVerified: boolean;
}
