import {
  anchor,
  anchorMisfit,
  bool,
  defineAffine,
  dilation,
  fanIn,
  gain,
  int,
  kernel,
  optionalInt,
  size,
  vector,
} from "./op.ts";

/** A learned convolution. The block pads once (rule S2), so every convolution in a branch is valid. */
export const conv = defineAffine({
  name: "conv",
  doc: "A learned convolution. The block pads once, so a convolution in a branch never pads.",
  example: "conv(3x3)",
  params: {
    size: size("Height by width of the kernel; one number means a square."),
    out: optionalInt("Output channels; the block's `out` for the last convolution of a chain."),
    groups: int("Channel groups.", { default: 1, isInherited: true }),
    dilation: dilation({ isInherited: true }),
    bias: bool("Adds a learned bias.", { default: false, isInherited: true }),
    residual: bool("The kernel is identity plus what is learned; keeps the channels.", {
      default: false,
    }),
    gain: gain(),
    anchor: anchor(),
  },
  hasKernel: true,
  taps: ({ size }) => size,
  dilation: ({ dilation }) => dilation,
  anchor: ({ anchor }) => anchor,
  groups: ({ groups }) => groups,
  outputs: ({ out, residual }, from) => out ?? (residual ? from.in : from.wanted),
  misfit({ groups, residual, size, anchor }, { in: from, out }) {
    if (from % groups !== 0 || out % groups !== 0)
      return `${groups} groups do not divide ${from} and ${out} channels`;
    if (residual && from !== out)
      return `\`residual: true\` keeps the channels, but ${from} become ${out}`;
    if (residual && !anchor && (size.height % 2 === 0 || size.width % 2 === 0))
      return "an even kernel has no centre to put the identity at, unless `anchor:` says where";
    return anchorMisfit(anchor, size);
  },
  weights({ size, groups, bias, residual, gain }, channels) {
    const learned = kernel(size, channels, groups, gain);
    const initial = residual ? ({ kind: "constant", value: 0 } as const) : learned.initial;
    const bound = 1 / Math.sqrt(fanIn(learned.shape));
    return {
      kernel: { ...learned, initial },
      ...(bias && { bias: vector(channels.out, "bias", { kind: "uniform", bound }) }),
    };
  },
  affine(algebra, weights, { size, groups, residual, anchor }, { out }) {
    const { height, width } = size;
    const [top, left] = anchor
      ? [anchor.height - 1, anchor.width - 1]
      : [(height - 1) / 2, (width - 1) / 2];
    const frame = { height, width, top, left };
    const identity = () => algebra.embed(algebra.identity(out, groups), frame);
    const kernel = residual ? algebra.addKernels(weights.kernel, identity()) : weights.kernel;
    return { kernel, bias: weights.bias };
  },
});
