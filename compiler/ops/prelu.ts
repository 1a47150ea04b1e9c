import { defineMap, float, vector } from "./op.ts";

/** x where positive, alpha·x elsewhere, alpha learned per channel. */
export const prelu = defineMap({
  name: "prelu",
  doc: "The number itself where it is positive; elsewhere times a factor learned per channel.",
  example: "then prelu",
  params: { init: float("Initial factor.", { default: 0.25 }) },
  result: (_, input) => input,
  weights: ({ init }, channels) => ({ alpha: vector(channels, "scale", init) }),
  sign: () => "any",
});
