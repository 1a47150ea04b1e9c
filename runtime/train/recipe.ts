import type { WeightRole } from "../../compiler/ir/program.ts";
import type { Augmentation } from "../data/index.ts";
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
  /** L2 added to gradients; none unless told. */
  readonly decay?: number;
  /** Roles of the weights that decay; kernels unless told. */
  readonly decayed?: readonly WeightRole[];
  readonly augment?: Augmentation;
}
