import type { tf } from "../tensors.ts";
import { lsqFakeQuantize } from "./lsq.ts";

/** Where public code of LSQ disagrees about the step's gradient. */
export type LsqConventions = {
  /**
   * The scale g: `lsq` is 1 / sqrt(N * high) with all N numbers of v (lsq-net, and the default); `channel` counts
   * those of one channel where there is a step per channel (MQBench); `none` is 1.
   */
  readonly gradient?: "lsq" | "channel" | "none";
  /** Whether what is clipped is told from the ratio v / step (the paper, and the default) or from its rounding (MQBench). */
  readonly mask?: "unrounded" | "rounded";
  /** Whether N counts the batch; true unless told. Of kernels it does not matter. */
  readonly batch?: boolean;
};

/**
 * LSQ's fake quantization with its own gradient scale for the step.
 * @param v [..., C], rank 4 for kernels @param step [] or [C]
 */
export function learnedStepQuantize(
  v: tf.Tensor,
  step: tf.Tensor,
  low: number,
  high: number,
  conventions: LsqConventions = {},
): tf.Tensor {
  const gradientScale = stepGradientScale(v, step, high, conventions);
  const masksRounded = conventions.mask === "rounded";
  return lsqFakeQuantize(v, step, { low, high, gradientScale, masksRounded });
}

/** LSQ's g for a step of v. */
export function stepGradientScale(
  v: tf.Tensor,
  step: tf.Tensor,
  high: number,
  { gradient = "lsq", batch = true }: LsqConventions,
): number {
  if (gradient === "none") return 1;
  const counted = batch ? v.size : v.size / (v.shape[0] ?? 1);
  const count = gradient === "channel" ? counted / step.size : counted;
  return 1 / Math.sqrt(count * high);
}
