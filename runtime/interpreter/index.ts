export { makePlan } from "./make-plan.ts";
export type {
  Argument,
  Call,
  Literal,
  Mode,
  Plan,
  Result,
  WeightValue,
} from "../../compiler/ir/plan.ts";
export { primitives, type PrimitiveName } from "./primitives.ts";
export { runPlan, type Values, type Watch } from "./run-plan.ts";
