export * from "./merge-rule.ts";
export * from "./prove-island.ts";
export * from "./prove-model.ts";
export { freshSeed, type Seed } from "./random-elements.ts";
export * from "./exact-merge.ts";
