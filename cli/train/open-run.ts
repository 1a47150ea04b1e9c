import type { Backend } from "../../runtime/backends/index.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { Checkpoint } from "../../runtime/train/checkpoint.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import type { RunExamples } from "./run-examples.ts";
import type { RunRecord } from "./run-record.ts";

/** A run that may go on: begun just now, or taken up again. */
export interface OpenRun {
  readonly record: RunRecord;
  readonly program: Program;
  readonly examples: RunExamples;
  readonly backend: Backend;
  /** What training begins with, where no checkpoint was saved yet. */
  readonly weights: HostWeights;
  readonly checkpoint?: Checkpoint;
  /** Lets other processes train it. */
  readonly release: () => void;
}
