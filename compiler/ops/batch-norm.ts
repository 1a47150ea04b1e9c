import { defineAffine, float, vector } from "./op.ts";

/**
 * Batch normalization: (x - mean) / sqrt(variance + epsilon) · gamma + beta. Which mean and variance is a matter of policy (rule S14): of the
 * batch in training, running averages afterwards; the affine map is the same.
 */
export const batchNorm = defineAffine({
  name: "bn",
  doc: "Batch normalization with a learned factor and offset per channel.",
  example: "conv(3x3) -> bn",
  params: {
    epsilon: float("Added to the variance.", { default: 1e-5, least: 0 }),
    momentum: float("Share of the batch in the running averages.", { default: 0.1, least: 0 }),
  },
  normalizes: true,
  weights: (_, { out }) => ({
    gamma: vector(out, "scale", 1),
    beta: vector(out, "bias", 0),
    mean: vector(out, "statistic", 0),
    variance: vector(out, "statistic", 1),
  }),
  affine(algebra, { gamma, beta, mean, variance }, { epsilon }) {
    const scale = algebra.multiply(gamma, algebra.reciprocalRoot(variance, epsilon));
    return { scale, bias: algebra.subtract(beta, algebra.multiply(mean, scale)) };
  },
});
