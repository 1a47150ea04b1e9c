import { tf } from "../../tensors.ts";
import type { Loss } from "./loss.ts";

/** Mean of |output - target| over all numbers; both of one shape. */
export function meanAbsoluteError(): Loss {
  return {
    name: "mean_absolute_error",
    targetOf: (output) => tf.clone(output),
    compute: (output, target) => tf.mean(tf.abs(tf.sub(output, target))),
  };
}
