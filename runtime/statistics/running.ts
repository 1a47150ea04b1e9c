import { follow, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const running: StatisticsMode = {
  name: "running",
  doc: "The running statistics, constants to the gradient; they still follow the batch's.",
  lower(l) {
    l.alias(0, l.argument(-2));
    l.alias(1, l.argument(-1));
    const x = l.argument(0);
    follow(l, x, measure(l, x));
  },
};
