import { attribute, type Lowering } from "../interpreter/lowering.ts";
import type { Quantizer } from "./quantizer.ts";

export const minmaxQuantizer: Quantizer = {
  name: "minmax",
  doc: "Step from the range: of a kernel as it is, of activations the moving average of the batches'. Nothing is learned.",
  initialStep: () => "rangeStep",
  lower(l: Lowering) {
    const v = l.argument(0);
    const bounds = [attribute(l, "low"), attribute(l, "high")];
    const step = l.instruction.op === "quantize_range" ? ownStep(l) : givenStep(l);
    if (l.mode === "eval") l.callGrid("quantizeLevels", [v, step, ...bounds], step);
    else l.call("fixedStepQuantize", [v, step, ...bounds]);
  },
};

/** The step of a value of which the range is known: a kernel. */
function ownStep(l: Lowering) {
  const step = `${l.instruction.results[0]}.step`;
  const perChannel = { literal: l.instruction.attributes["per"] === "channel" };
  l.call("rangeStep", [l.argument(0), attribute(l, "high"), perChannel], [{ name: step }]);
  return { value: step };
}

/** The step that is a weight; in training it follows the batch before it is used. */
function givenStep(l: Lowering) {
  const step = l.argument(1);
  // The step of a deployed kernel needs no momentum: nothing trains there.
  if (l.mode === "eval" || l.type(0).kind === "kernel") return step;
  l.update(1, "followRange", [step, l.argument(0), attribute(l, "high"), attribute(l, "momentum")]);
  return { value: `${l.instruction.results[0]}.followRange` };
}
