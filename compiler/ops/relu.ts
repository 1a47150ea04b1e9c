import { defineMap } from "./op.ts";

/** max(x, 0). */
export const relu = defineMap({
  name: "relu",
  doc: "Zero for negative numbers, the number itself otherwise.",
  example: "then relu",
  params: {},
  result: (_, input) => input,
  sign: () => "nonnegative",
});
