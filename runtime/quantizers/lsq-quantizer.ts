import { attribute, conventions, type Lowering } from "../interpreter/lowering.ts";
import type { Quantizer } from "./quantizer.ts";

export const lsqQuantizer: Quantizer = {
  name: "lsq",
  doc: "Learned step size (Esser et al., ICLR 2020), beginning by the mean of magnitudes, or by their range.",
  initialStep: ({ start }) => (start === "range" ? "rangeStep" : "lsqInitialStep"),
  lower(l: Lowering) {
    const [v, step] = [l.argument(0), l.argument(1)];
    const bounds = [attribute(l, "low"), attribute(l, "high")];
    if (l.mode === "eval") {
      l.callGrid("quantizeLevels", [v, step, ...bounds], step);
      return;
    }
    l.call("learnedStepQuantize", [v, step, ...bounds, ...conventions(l)]);
  },
};
