import type { Metrics } from "./metrics.ts";

/** Where a training stands, after each step. */
export interface Progress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps taken in the whole run, and how many it has. */
  readonly step: number;
  readonly steps: number;
  /** Of this step. */
  readonly loss: number;
  /** Share of the epoch's images so far that were classified right while training; absent without classes. */
  readonly accuracy?: number;
  /** Learning rate of this step. */
  readonly rate: number;
  /** By the steps of this session; absent before there is anything to judge by. */
  readonly secondsLeft?: number;
}

/** What is known at the end of an epoch. */
export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** Mean over the epoch's steps. */
  readonly loss: number;
  /** Absent without classes. */
  readonly trainAccuracy?: number;
  /** On the test part, mode `eval`; absent without a test part. */
  readonly test?: Metrics;
}
