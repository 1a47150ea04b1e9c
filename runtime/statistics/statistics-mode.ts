import type { Lowering } from "../interpreter/lowering.ts";

/**
 * A way of getting the mean and variance that a batch norm needs in training. `lower` defines the instruction's two
 * results, and updates the running statistics where the mode moves them. Arguments are x, [K, [bias,]] running mean, running
 * variance; attributes `momentum`, with K also `stride`, `pads`, `groups`, and a mode's own options.
 * `gradient: false` is seen to before.
 */
export interface StatisticsMode {
  readonly name: string;
  readonly doc: string;
  lower(lowering: Lowering): void;
}
