import { tf } from "../tensors.ts";
import { carry } from "./carry.ts";
import { moments, type Moments } from "./moments.ts";

/**
 * Moments of conv(x, kernel) from those of x alone, per output channel: mean = Σ_i E[x]_i Σ_{h,w} K and
 * variance = Σ_i V[x]_i Σ_{h,w} K² (RepQ supplementary, S3 and S8). Neglects borders and all covariance.
 * x [B, H, W, C], kernel [h, w, C / groups, O]
 */
export function estimatedMoments(x: tf.Tensor, kernel: tf.Tensor, groups: number): Moments {
  const input = moments(x);
  return {
    mean: carry(input.mean, kernel, groups),
    variance: carry(input.variance, tf.square(kernel), groups),
  };
}
