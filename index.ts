/**
 * The library: compile a spec, train the program, merge it, deploy it, compare.
 *
 * It runs in browsers too, so files are reached through a `Host` (specs) or a `FileHost` (checkpoints); `repqc/node` has those of Node. A
 * backend has to be open (`openBackend`) before anything computes with tensors: training, merging, `execute`, `verifyDeployment`.
 */
export { compile, compileRecipe } from "./compiler/compile.ts";
export type { Compiled, CompileRequest, Host, TrainForm } from "./compiler/compile.ts";
export { isError, renderText } from "./compiler/diagnostics/index.ts";
export type { Diagnostic } from "./compiler/diagnostics/index.ts";
export type { Graph, Instruction, Program } from "./compiler/ir/index.ts";
export { runtimeRecipe } from "./cli/runtime-recipe.ts";

export {
  BackendUnavailable,
  backendNames,
  DeviceFailed,
  openBackend,
  TensorMemoryExhausted,
} from "./runtime/backends/index.ts";
export type { Backend, BackendOptions } from "./runtime/backends/index.ts";
export { execute } from "./runtime/execute.ts";
export { loadProgram } from "./runtime/load.ts";
export { predict } from "./runtime/predict.ts";
export { readSafetensors, writeSafetensors } from "./runtime/safetensors.ts";
export type { HostTensor } from "./runtime/safetensors.ts";
export { initialWeights, mergeWeights } from "./runtime/weights.ts";
export type { HostWeights } from "./runtime/weights.ts";

export {
  classificationExamples,
  packedDataset,
  readFashionMnist,
  readIdxFolder,
} from "./runtime/data/index.ts";
export type { Dataset, Examples } from "./runtime/data/index.ts";
export { Diverged, initializeSteps, runGradients, train } from "./runtime/train/index.ts";
export type { Progress, Recipe, TrainingResult, TrainingRun } from "./runtime/train/index.ts";

export { InvalidStep, NoIntegerForm, runInteger, WrongTensor } from "./runtime/integer/index.ts";
export type { IntegerReport } from "./runtime/integer/index.ts";
export {
  compareOutputs,
  exporters,
  exportOnnx,
  exportTfjs,
  runOnnx,
  runTfjs,
} from "./runtime/export/index.ts";
export { withoutQuantizers } from "./runtime/without-quantizers.ts";
export type { ExportedModel, Exporter, ExportOptions } from "./runtime/export/index.ts";
export {
  EngineFailed,
  engines,
  floatingDeployment,
  verifyDeployment,
} from "./runtime/verify/index.ts";
export type {
  Deployment,
  Engine,
  EngineOptions,
  Verdict,
  Verification,
  VerificationRow,
  VerifyOptions,
} from "./runtime/verify/index.ts";
