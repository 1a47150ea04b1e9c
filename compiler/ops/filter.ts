import { defineAffine, table } from "./op.ts";

/** A fixed filter on every channel, such as an edge detector. */
export const filter = defineAffine({
  name: "filter",
  doc: "A fixed filter, declared with `kernel`, on each channel. It is not learned.",
  example: "conv(1x1) -> filter(SobelX) -> affine",
  params: { table: table("The filter's taps.") },
  hasKernel: true,
  reach: ({ table }) => ({ height: table.length, width: table[0]?.length ?? 0 }),
  groups: (_, channels) => channels.in,
  affine: (algebra, _, { table }, channels) => ({ kernel: algebra.fixed(table, channels.in) }),
});
