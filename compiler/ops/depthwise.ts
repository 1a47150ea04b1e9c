import {
  anchor,
  anchorMisfit,
  bool,
  defineAffine,
  dilation,
  gain,
  int,
  kernel,
  size,
  vector,
} from "./op.ts";

/** A convolution of each channel by itself, to `multiplier` channels. */
export const depthwise = defineAffine({
  name: "depthwise",
  doc: "Convolves each channel by itself, giving `multiplier` channels for each.",
  example: "depthwise(3x3, multiplier: 8) -> conv(1x1)",
  params: {
    size: size("Height by width of the kernel."),
    multiplier: int("Output channels per input channel.", { default: 1 }),
    bias: bool("Adds a learned bias.", { default: false, isInherited: true }),
    gain: gain(),
    anchor: anchor(),
    dilation: dilation({ isInherited: true }),
  },
  hasKernel: true,
  taps: ({ size }) => size,
  dilation: ({ dilation }) => dilation,
  anchor: ({ anchor }) => anchor,
  misfit: ({ size, anchor }) => anchorMisfit(anchor, size),
  groups: (_, channels) => channels.in,
  outputs: ({ multiplier }, from) => from.in * multiplier,
  weights: ({ size, bias, gain }, channels) => ({
    kernel: kernel(size, channels, channels.in, gain),
    ...(bias && { bias: vector(channels.out, "bias", 0) }),
  }),
  affine: (_, weights) => ({ kernel: weights.kernel, bias: weights.bias }),
});
