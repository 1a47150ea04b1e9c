import { defineAffine, int } from "./op.ts";

/** Some consecutive channels of the input. */
export const slice = defineAffine({
  name: "slice",
  doc: "Takes `count` channels from channel `first` on, counted from 0.",
  example: "concat(slice(0, 2) -> conv(3x3, out: 2), slice(2, 6))",
  params: {
    first: int("The first channel, counted from 0.", { least: 0 }),
    count: int("How many channels."),
  },
  hasKernel: true,
  outputs: ({ count }) => count,
  misfit: ({ first, count }, { in: from }) =>
    first + count > from ? `channels ${first} to ${first + count - 1} of ${from}` : undefined,
  affine: (algebra, _, { first, count }, channels) => ({
    kernel: algebra.select(channels.in, first, count),
  }),
});
