import { runInteger } from "../../integer/index.ts";
import type { Engine } from "../engine.ts";
import { isQuantized } from "../is-quantized.ts";

/** The arbiter of quantized models: sums of integers, and what is said of them. */
export const integerExecutor: Engine = {
  name: "integers",
  missing: async ({ program }) =>
    isQuantized(program) ? undefined : "the model's activations are not quantized",
  run: async ({ program, deployed }, input, { onProgress, onReport } = {}) => {
    const options = onProgress ? { onProgress } : {};
    const { output, report } = runInteger(program.deploy, deployed, input, options);
    onReport?.(report);
    return output;
  },
};
