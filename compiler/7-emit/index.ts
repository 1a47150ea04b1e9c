export { programJson } from "./json.ts";
export { modelText } from "./model-text.ts";
export type { PrimitiveSources } from "./paste-primitives.ts";
export { programModule } from "./typescript.ts";
export type { ModuleRequest, ProgramPlans } from "./typescript.ts";
