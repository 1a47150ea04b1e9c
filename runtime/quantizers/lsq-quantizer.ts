import { attribute, conventions, type Lowering } from "../interpreter/lowering.ts";
import type { InitialStep, Quantizer } from "./quantizer.ts";

const starts: Readonly<Record<string, InitialStep>> = {
  range: "rangeStep",
  error: "leastErrorStep",
};

export const lsqQuantizer: Quantizer = {
  name: "lsq",
  doc: "Learned step size (Esser et al., ICLR 2020), beginning by the mean of magnitudes, their range, or the least error.",
  initialStep: ({ start }) => starts[String(start)] ?? "lsqInitialStep",
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
