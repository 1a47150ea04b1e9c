import type { tf } from "../tensors.ts";
import { lsqFakeQuantize } from "./lsq.ts";

/**
 * LSQ's fake quantization with its own gradient scale for the step, 1 / sqrt(count * high), where `count` is how many
 * numbers v has: batch included, and for a step per channel those of all channels, as lsq-net counts. Others (MQBench)
 * count one channel's, which makes the gradient sqrt(C) times larger.
 * @param v [..., C] @param step [] or [C]
 * @param gradientScale what to multiply the step's gradient by instead
 */
export function learnedStepQuantize(
  v: tf.Tensor,
  step: tf.Tensor,
  low: number,
  high: number,
  gradientScale: number = 1 / Math.sqrt(v.size * high),
): tf.Tensor {
  return lsqFakeQuantize(v, step, { low, high, gradientScale });
}
