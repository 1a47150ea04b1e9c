import { attribute, conventions, type Lowering } from "../interpreter/lowering.ts";
import { lsqQuantizer } from "./lsq-quantizer.ts";
import type { Quantizer } from "./quantizer.ts";

/** Kernels, and activations that are never negative, are as with LSQ, but begin elsewhere. */
export const lsqPlusQuantizer: Quantizer = {
  name: "lsq_plus",
  doc: "LSQ+ (Bhalgat et al., CVPRW 2020) where 0 is a bound or the middle: a learned step that begins at three deviations of a kernel, or at the least error.",
  initialStep: ({ low }) => (low === 0 ? "leastErrorStep" : "threeSigmaStep"),
  lower: (l) => lsqQuantizer.lower(l),
};

/** Levels are kept less the zero point: whatever adds them up needs not know of it, and 0 pads. */
export const lsqPlusOffsetQuantizer: Quantizer = {
  name: "lsq_plus_offset",
  doc: "LSQ+ of activations that may be negative: a learned step and a learned integer zero point, which begin at the least error.",
  initialStep: () => "leastErrorRange",
  lower(l: Lowering) {
    const args = [l.argument(0), l.argument(1), attribute(l, "low"), attribute(l, "high")];
    if (l.mode === "train") {
      l.call("offsetQuantize", [...args, ...conventions(l)]);
      return;
    }
    // The levels first: before them the trainer finds a range that is still missing.
    const step = { name: `${l.instruction.results[0]}.step` };
    l.callGrid("offsetLevels", args, { value: step.name });
    l.call("stepOfRange", [l.argument(1)], [step]);
  },
};
