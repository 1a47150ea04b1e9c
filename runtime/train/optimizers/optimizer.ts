import type { tf } from "../../tensors.ts";

/** A rule that moves one weight along its gradient. What it remembers are tensors of the weight's shape, the slots. */
export interface Optimizer {
  readonly name: string;
  /** Names of the slots; they begin as zeros. */
  readonly slots: readonly string[];
  /**
   * The new weight and the new slots, in the order of `slots`. Runs in a tidy.
   * @param rate learning rate of this step
   * @param count 1 for the first step of the run
   */
  move(
    weight: tf.Tensor,
    gradient: tf.Tensor,
    slots: readonly tf.Tensor[],
    rate: number,
    count: number,
  ): Moved;
}

export interface Moved {
  readonly weight: tf.Tensor;
  readonly slots: readonly tf.Tensor[];
}
