import { attribute } from "../interpreter/lowering.ts";
import { callMoments, follow, hasKernel, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const estimated: StatisticsMode = {
  name: "estimated",
  doc: "From the moments of the input and the kernel, without running the convolution (RepQ supplementary, S3 and S8).",
  lower(l) {
    const [mean, variance] = l.instruction.results as [string, string];
    const x = l.argument(0);
    if (hasKernel(l)) {
      const input = l.shared("moments", [x], ["mean", "variance"]);
      const args = [...input, l.argument(1), attribute(l, "groups")];
      callMoments(l, "estimatedMoments", args, mean, variance);
    } else measure(l, x, mean, variance);
    follow(l, x, mean, variance);
  },
};
