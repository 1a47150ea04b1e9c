import type { WeightRole } from "../../compiler/ir/program.ts";
import type { LossChoice } from "./losses/index.ts";
import type { OptimizerChoice } from "./optimizers/index.ts";
import type { ScheduleChoice } from "./schedules/index.ts";

/** How a model is trained. Plain data; together with program, data and first weights it fixes every bit of the result. */
export interface Recipe {
  readonly epochs: number;
  /** Images per step. A last, smaller batch of an epoch is dropped. */
  readonly batch: number;
  readonly seed: number;
  readonly loss: LossChoice;
  readonly optimizer: OptimizerChoice;
  readonly schedule: Omit<ScheduleChoice, "warmup"> & {
    /** Epochs, perhaps a fraction, over which the rate first rises. */
    readonly warmupEpochs?: number;
  };
  /** Learning rate of everything but quantizers' steps. */
  readonly rate: number;
  /** Learning rate of quantizers' steps; `rate` unless told. */
  readonly stepRate?: number;
  /** How many first batches together tell the first steps of activations' quantizers; one unless told. */
  readonly calibrate?: number;
  /** L2 added to gradients; none unless told. */
  readonly decay?: number;
  /** Roles of the weights that decay; kernels unless told. */
  readonly decayed?: readonly WeightRole[];
  /** The weights that a training ends with: of the best epoch on the test part, or of the last; the last unless told. */
  readonly keep?: "best" | "last";
  /** Whether targets are what the model makes of a batch in floating point with the weights that the training begins with. */
  readonly distill?: boolean;
  /** Largest norm of all gradients together. */
  readonly clip?: number;
  /** Decay of a moving average of the weights, which then is what is tested and kept. */
  readonly average?: number;
  /** Share of all steps after which the normalizations' statistics stay as they are. */
  readonly freeze?: number;
  /** Whether the statistics are measured anew over the training part at the end. */
  readonly reestimate?: boolean;
}
