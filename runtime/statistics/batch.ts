import { follow, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const batch: StatisticsMode = {
  name: "batch",
  doc: "Mean and variance of the whole batch, by running the convolution; the running ones follow.",
  lower(l) {
    const [mean, variance] = l.instruction.results as [string, string];
    measure(l, l.argument(0), mean, variance);
    follow(l, l.argument(0), mean, variance);
  },
};
