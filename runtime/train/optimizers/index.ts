import { adam, type AdamOptions } from "./adam.ts";
import type { Optimizer } from "./optimizer.ts";
import { sgd } from "./sgd.ts";

export type { Optimizer } from "./optimizer.ts";

/** An optimizer as a recipe names it. */
export type OptimizerChoice =
  { readonly name: "sgd"; readonly momentum?: number } | ({ readonly name: "adam" } & AdamOptions);

/** One line per optimizer. */
export function createOptimizer(choice: OptimizerChoice): Optimizer {
  switch (choice.name) {
    case "sgd":
      return sgd(choice.momentum ?? 0);
    case "adam":
      return adam(choice);
  }
}
