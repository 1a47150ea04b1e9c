import { defineAffine, float, vector } from "./op.ts";

/** A learned factor per channel. */
export const scale = defineAffine({
  name: "scale",
  doc: "A learned factor per channel.",
  example: "conv(3x3) -> scale(init: 0.25)",
  params: { init: float("Initial value of every factor.", { default: 1 }) },
  weights: ({ init }, { out }) => ({ scale: vector(out, "scale", init) }),
  affine: (_, weights) => ({ scale: weights.scale }),
});
