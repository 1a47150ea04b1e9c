import { measure, yieldMoments } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const batch: StatisticsMode = {
  name: "batch",
  doc: "Mean and variance of the whole batch, by running the convolution; the running ones follow.",
  lower(l) {
    const x = l.argument(0);
    yieldMoments(l, x, measure(l, x));
  },
};
