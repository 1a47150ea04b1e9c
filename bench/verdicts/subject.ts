import type { Program } from "../../compiler/ir/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import type { HostWeights } from "../../runtime/weights.ts";
import type { TrainingPlace } from "../results/train-cell.ts";
import type { VerdictStore } from "./store.ts";

/** What a cell deploys, before anything is computed. */
export interface Subject {
  /** The deployed network, at the size of its first inputs; its weights are the same at every size. */
  readonly program: Program;
  /** The same without quantizers, whose file the sizes are compared with. */
  readonly float: Program;
  /** What weights and inputs come from besides the program: for the key. */
  readonly origin: unknown;
  /** Why it cannot be run here, one sentence without its full stop. */
  missing(): Promise<string | undefined>;
  /** All weights of the train graph. @throws CellStopped where the signal stopped a training; FileProblem */
  weights(world: SubjectWorld): Promise<HostWeights>;
  /** Real inputs. @throws FileProblem */
  inputs(): Promise<readonly Inputs[]>;
}

/** Inputs of one size. */
export interface Inputs {
  /** The program at this size. */
  readonly program: Program;
  /** The same without quantizers, its branches op by op: what merging is compared with. */
  readonly branches: Program;
  /** NHWC. */
  readonly input: HostTensor;
  /** PSNR-Y in decibels of the outputs, of enlargers. */
  readonly score?: (output: HostTensor) => number;
}

export interface SubjectWorld {
  readonly store: VerdictStore;
  readonly place: TrainingPlace;
}
