import type { Loss } from "./loss.ts";
import { meanAbsoluteError } from "./mean-absolute-error.ts";
import { softmaxCrossEntropy } from "./softmax-cross-entropy.ts";

export type { Loss } from "./loss.ts";

/** A loss as a recipe names it. */
export type LossChoice =
  | { readonly name: "softmax_cross_entropy"; readonly smoothing?: number }
  | { readonly name: "mean_absolute_error" };

/** One line per loss. */
export function createLoss(choice: LossChoice): Loss {
  switch (choice.name) {
    case "softmax_cross_entropy":
      return softmaxCrossEntropy(choice.smoothing ?? 0);
    case "mean_absolute_error":
      return meanAbsoluteError();
  }
}
