import type { StatisticsMode } from "./statistics-mode.ts";

export const frozen: StatisticsMode = {
  name: "frozen",
  doc: "The running statistics, constants; nothing is measured and they stay as they are.",
  lower(l) {
    l.alias(0, l.argument(-2));
    l.alias(1, l.argument(-1));
  },
};
