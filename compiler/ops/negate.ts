import { defineAffine } from "./op.ts";

/** The input with its sign turned. */
export const negate = defineAffine({
  name: "negate",
  doc: "The input with its sign turned.",
  example: "conv(3x3) -> negate",
  params: {},
  affine: (algebra, _, __, { out }) => ({ scale: algebra.fill(-1, out) }),
});
