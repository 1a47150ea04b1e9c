import { anchor, anchorMisfit, defineAffine, dilation, size } from "./op.ts";

/** The mean of a window; the block's zero padding counts, as PyTorch's `count_include_pad`. */
export const avg = defineAffine({
  name: "avg",
  doc: "The mean of a window of each channel. Padding counts as zeros.",
  example: "conv(1x1) -> bn -> avg(3x3) -> bn",
  params: {
    size: size("Height by width of the window."),
    anchor: anchor(),
    dilation: dilation(),
  },
  hasKernel: true,
  taps: ({ size }) => size,
  dilation: ({ dilation }) => dilation,
  anchor: ({ anchor }) => anchor,
  misfit: ({ size, anchor }) => anchorMisfit(anchor, size),
  groups: (_, channels) => channels.in,
  affine(algebra, _, { size: { height, width } }, channels) {
    const row = Array.from({ length: width }, () => 1 / (height * width));
    const window = Array.from({ length: height }, () => row);
    return { kernel: algebra.fixed([window], channels.in) };
  },
});
