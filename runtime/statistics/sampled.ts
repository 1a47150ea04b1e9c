import { attributeNumber } from "../interpreter/lowering.ts";
import { follow, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const sampled: StatisticsMode = {
  name: "sampled",
  doc: "As `batch`, of the share `images` (above 0, at most 1) of the batch's images; the running ones follow.",
  lower(l) {
    const [mean, variance] = l.instruction.results as [string, string];
    const sample = { value: `${mean}.sample` };
    const share = { literal: attributeNumber(l, "images") };
    l.call("firstImages", [l.argument(0), share], [{ name: sample.value }]);
    measure(l, sample, mean, variance);
    follow(l, sample, mean, variance);
  },
};
