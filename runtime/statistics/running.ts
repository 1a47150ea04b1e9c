import { follow, measure } from "./measure.ts";
import type { StatisticsMode } from "./statistics-mode.ts";

export const running: StatisticsMode = {
  name: "running",
  doc: "The running statistics, constants to the gradient; they still follow the batch's.",
  lower(l) {
    l.alias(0, -2);
    l.alias(1, -1);
    const [mean, variance] = l.instruction.results.map((name) => `${name}.batch`);
    measure(l, l.argument(0), mean!, variance!);
    follow(l, l.argument(0), mean!, variance!);
  },
};
