import { bool, defineAffine, fanIn, int, kernel, vector } from "./op.ts";

const point = { height: 1, width: 1 };

/** A fully connected layer: a 1x1 convolution of features. */
export const dense = defineAffine({
  name: "dense",
  doc: "A fully connected layer; a 1x1 convolution where its input has positions.",
  example: "global_avg -> dense(10)",
  params: {
    out: int("Output features."),
    bias: bool("Adds a learned bias.", { default: true }),
  },
  hasKernel: true,
  outputs: ({ out }) => out,
  weights({ bias }, channels) {
    const learned = kernel(point, channels, 1);
    const bound = 1 / Math.sqrt(fanIn(learned.shape));
    return {
      kernel: learned,
      ...(bias && { bias: vector(channels.out, "bias", { kind: "uniform", bound }) }),
    };
  },
  affine: (_, weights) => ({ kernel: weights.kernel, bias: weights.bias }),
});
