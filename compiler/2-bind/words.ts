import { combinatorByName, opByName } from "../ops/index.ts";

/** Functions of compile-time expressions. */
export const functionNames = ["int", "floor", "ceil", "round", "min", "max", "dct"] as const;

/** Types of parameters that have a name (rule S11). */
export const typeNames = ["int", "float", "bool", "odd", "size", "activation"] as const;

/** Names with a meaning of their own; no declaration may take them. */
export const reservedNames: ReadonlySet<string> = new Set([
  ...opByName.keys(),
  ...combinatorByName.keys(),
  ...functionNames,
  ...typeNames,
  "in",
  "out",
  "none",
]);

/** Settings of a policy, of an `at` inside it, and of a recipe. */
export const policySettings = ["weights", "activations", "sums", "on", "bn"] as const;
export const recipeSettings = [
  "epochs",
  "batch",
  "loss",
  "optimizer",
  "schedule",
  "rate",
  "quantized",
  "steps",
  "keep",
  "calibrate",
  "distill",
  "clip",
  "average",
  "freeze",
  "reestimate",
] as const;
