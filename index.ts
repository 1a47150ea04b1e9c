/** The library: compile a spec, train the program, merge, deploy, compare. */
export { compile, compileRecipe } from "./compiler/compile.ts";
export { renderText } from "./compiler/diagnostics/index.ts";
export { BackendUnavailable, backendNames, openBackend } from "./runtime/backends/index.ts";
export { execute } from "./runtime/execute.ts";
export { compareOutputs, exportOnnx, runOnnx } from "./runtime/export/index.ts";
export { runInteger } from "./runtime/integer/index.ts";
export { predict } from "./runtime/predict.ts";
export { readSafetensors, writeSafetensors } from "./runtime/safetensors.ts";
export { initializeSteps, runGradients, train } from "./runtime/train/index.ts";
export { initialWeights, mergeWeights } from "./runtime/weights.ts";
