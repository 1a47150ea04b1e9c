export { programJson } from "./json.ts";
export { modelText } from "./model-text.ts";
export type { PrimitiveSources } from "./paste-primitives.ts";
export { programModule } from "./typescript.ts";
export type { ModuleRequest, ProgramPlans } from "./typescript.ts";
export { explainMerge } from "./formula/explain-merge.ts";
export type { FormulaFormat } from "./formula/explain-merge.ts";
