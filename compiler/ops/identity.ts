import { defineAffine } from "./op.ts";

/** The input itself. */
export const identity = defineAffine({
  name: "identity",
  doc: "The block's input itself. Needs as many output as input channels, and stride 1.",
  example: "identity -> bn",
  params: {},
  affine: () => ({}),
});
