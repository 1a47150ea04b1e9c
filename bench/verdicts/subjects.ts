import type { Bits, Cell, ModelName } from "./cell.ts";
import { bigClassifier } from "./classifier.ts";
import { demoClassifier } from "./demo-classifier.ts";
import { enlarger } from "./enlarger.ts";
import type { Subject } from "./subject.ts";

const subjects: Readonly<Record<ModelName, (bits: Bits) => Subject>> = {
  Fashion: demoClassifier,
  "ECBSR-M4C16": enlarger,
  "MobileOne-S0": (bits) =>
    bigClassifier(
      { spec: "repq:models/mobileone", entry: "MobileOne_S0", policies: "repq:quant/uniform" },
      bits,
    ),
  "RepVGG-A0": (bits) =>
    bigClassifier(
      { spec: "repq:models/repvgg", entry: "RepVGG_A0", policies: "repq:quant/repvgg" },
      bits,
    ),
  "AC-ResNet-18": (bits) =>
    bigClassifier(
      { spec: "repq:models/ac-resnet18", entry: "AC_ResNet18", policies: "repq:quant/ac-resnet18" },
      bits,
    ),
};

export function subjectOf({ model, bits }: Cell): Subject {
  return subjects[model](bits);
}
