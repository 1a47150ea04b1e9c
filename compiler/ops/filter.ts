import { filterKernel, sizeOfTaps } from "../algebra/filter-taps.ts";
import { anchor, anchorMisfit, defineAffine, dilation, filterTaps } from "./op.ts";

/** A fixed filter on every channel, such as an edge detector. */
export const filter = defineAffine({
  name: "filter",
  doc: "A fixed filter, declared with `kernel` or `dct(3x3)`, on each channel. It is not learned.",
  example: "conv(1x1) -> filter(SobelX) -> affine",
  params: { taps: filterTaps("The filter's taps."), anchor: anchor(), dilation: dilation() },
  hasKernel: true,
  taps: ({ taps }) => sizeOfTaps(taps),
  dilation: ({ dilation }) => dilation,
  anchor: ({ anchor }) => anchor,
  misfit: ({ taps, anchor }) => anchorMisfit(anchor, sizeOfTaps(taps)),
  groups: (_, channels) => channels.in,
  affine: (algebra, _, { taps }, channels) => ({
    kernel: filterKernel(algebra, taps, channels.in),
  }),
});
