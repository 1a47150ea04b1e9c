import type { tf } from "../../tensors.ts";

/** What training makes small: a differentiable scalar, the mean over the batch. */
export interface Loss {
  readonly name: string;
  compute(output: tf.Tensor, target: tf.Tensor): tf.Tensor;
  /** The target that a teacher's output stands for; the caller's to dispose. */
  targetOf(output: tf.Tensor): tf.Tensor;
}
