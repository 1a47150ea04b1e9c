import type { Argument } from "../../compiler/ir/plan.ts";
import { attribute, type Lowering } from "../interpreter/lowering.ts";
import { callMoments, hasKernel, measure, yieldMoments, type MeasuredMoments } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const estimated: StatisticsMode = {
  name: "estimated",
  doc: "From the moments of the input and the kernel, without running the convolution (RepQ supplementary, S3 and S8).",
  lower(l) {
    const x = l.argument(0);
    yieldMoments(l, x, hasKernel(l) ? estimate(l, x) : measure(l, x));
  },
};

function estimate(l: Lowering, x: Argument): MeasuredMoments {
  const ofInput = l.shared("moments", [x], ["mean", "variance"]);
  return callMoments(l, "estimatedMoments", [...ofInput, l.argument(1), attribute(l, "groups")]);
}
