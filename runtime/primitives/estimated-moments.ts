import { tf } from "../tensors.ts";
import { carry } from "./carry.ts";
import type { Moments } from "./moments.ts";

/**
 * Moments of conv(x, kernel) from those of x alone, both [C], per output channel: mean = Σ_i E[x]_i Σ_{h,w} K and
 * variance = Σ_i V[x]_i Σ_{h,w} K² (RepQ supplementary, S3 and S8). Neglects borders and all covariance.
 * kernel [h, w, C / groups, O]
 */
export function estimatedMoments(
  mean: tf.Tensor,
  variance: tf.Tensor,
  kernel: tf.Tensor,
  groups: number,
): Moments {
  return {
    mean: carry(mean, kernel, groups),
    variance: carry(variance, tf.square(kernel), groups),
  };
}
