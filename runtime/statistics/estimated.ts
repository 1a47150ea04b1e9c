import { attribute } from "../interpreter/lowering.ts";
import { follow, hasKernel, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const estimated: StatisticsMode = {
  name: "estimated",
  doc: "From the moments of the input and the kernel, without running the convolution (RepQ supplementary, S3 and S8).",
  lower(l) {
    const [mean, variance] = l.instruction.results as [string, string];
    const x = l.argument(0);
    if (hasKernel(l)) {
      const results = [
        { name: mean, field: "mean" },
        { name: variance, field: "variance" },
      ];
      l.call("estimatedMoments", [x, l.argument(1), attribute(l, "groups")], results);
    } else measure(l, x, mean, variance);
    follow(l, x, mean, variance);
  },
};
