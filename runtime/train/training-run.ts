import type { Program } from "../../compiler/ir/program.ts";
import type { Examples } from "../data/index.ts";
import type { FileHost } from "../files.ts";
import type { HostWeights } from "../weights.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { EpochReport, Progress } from "./progress.ts";
import type { Recipe } from "./recipe.ts";

/** What to train, on what, how, and whom to tell. */
export interface TrainingRun {
  readonly program: Program;
  readonly recipe: Recipe;
  readonly trainingData: Examples;
  /** Evaluated after each epoch. */
  readonly testData?: Examples;
  /** Checked weights; steps may be missing and then come from the first batch. Ignored when resuming. */
  readonly weights: HostWeights;
  /** Goes on from here, to the bit, on the same backend with the same program, recipe and data. */
  readonly resume?: Checkpoint;
  readonly checkpoints?: CheckpointPlace;
  readonly onProgress?: (progress: Progress) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  /** After each batch of the pass at the end that measures statistics anew, where the recipe asks for it. */
  readonly onReestimate?: (batches: number, total: number) => void;
  /** Stops after the present step or batch, with a checkpoint. */
  readonly signal?: AbortSignal;
}

/** Where checkpoints go: one after each epoch and at a stop. */
export interface CheckpointPlace {
  readonly host: FileHost;
  readonly folder: string;
  readonly name: string;
  /** Also every so many steps. */
  readonly everySteps?: number;
}

export interface TrainingResult {
  /** False where the signal stopped it. */
  readonly finished: boolean;
  readonly history: readonly EpochReport[];
  /** Where it stands, for going on. */
  readonly final: Checkpoint;
  /** The epoch, from 1, whose weights were kept as the best. */
  readonly bestEpoch?: number;
  /** The trained weights: those of the end or of the best epoch, averaged and with statistics measured anew as the recipe says. */
  readonly weights: HostWeights;
}
