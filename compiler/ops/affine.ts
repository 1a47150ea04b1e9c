import { defineAffine, float, vector } from "./op.ts";

/** A learned factor and offset per channel, both drawn from a narrow normal distribution. */
export const affine = defineAffine({
  name: "affine",
  doc: "A learned factor and a learned offset per channel.",
  example: "conv(1x1) -> filter(Laplacian) -> affine",
  params: {
    deviation: float("Standard deviation of the initial values.", { default: 1e-3, least: 0 }),
  },
  weights: ({ deviation }, { out }) => ({
    scale: vector(out, "scale", { kind: "normal", deviation }),
    bias: vector(out, "bias", { kind: "normal", deviation }),
  }),
  affine: (_, weights) => ({ scale: weights.scale, bias: weights.bias }),
});
