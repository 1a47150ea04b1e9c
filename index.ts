/**
 * The library: compile a spec, train the program, merge it, deploy it, compare.
 *
 * It runs in browsers too, so files are reached through a `Host` (specs) or a `FileHost` (checkpoints); `repqc/node` has those of Node. A
 * training goes on from its last checkpoint: `train({ ..., resume: await loadCheckpoint(host, folder, name, await hashProgram(program)) })`. A
 * backend has to be open (`openBackend`) before anything computes with tensors: training, merging, `execute`, `verifyDeployment`.
 */
export { compile, compileRecipe } from "./compiler/compile.ts";
export type { Compiled, CompileRequest, Host, TrainForm } from "./compiler/compile.ts";
export { isError, renderText } from "./compiler/diagnostics/index.ts";
export type { Diagnostic } from "./compiler/diagnostics/index.ts";
export type { Graph, Instruction, Program, RecipeSpec } from "./compiler/ir/index.ts";

export {
  BackendUnavailable,
  backendNames,
  DeviceFailed,
  openBackend,
  TensorMemoryExhausted,
} from "./runtime/backends/index.ts";
export type { Backend, BackendOptions } from "./runtime/backends/index.ts";
export { checkWeights, UnfitWeights } from "./runtime/check-weights.ts";
export type { CheckOptions, WeightProblem } from "./runtime/check-weights.ts";
export { execute } from "./runtime/execute.ts";
export {
  CorruptFile,
  FileProblem,
  ForeignFile,
  MissingFile,
  UnreadableFile,
  UnwritableFile,
} from "./runtime/files.ts";
export type { FileHost } from "./runtime/files.ts";
export { loadProgram } from "./runtime/load.ts";
export { predict } from "./runtime/predict.ts";
export { runtimeRecipe } from "./runtime/runtime-recipe.ts";
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
export {
  Diverged,
  hashProgram,
  initializeSteps,
  loadCheckpoint,
  runGradients,
  train,
} from "./runtime/train/index.ts";
export type {
  Checkpoint,
  CheckpointPlace,
  EpochReport,
  Progress,
  Recipe,
  TrainingResult,
  TrainingRun,
} from "./runtime/train/index.ts";

export { InvalidStep, NoIntegerForm, runInteger, WrongTensor } from "./runtime/integer/index.ts";
export type { IntegerReport } from "./runtime/integer/index.ts";
export {
  compareOutputs,
  exporters,
  exportOnnx,
  exportTfjs,
  OnnxRunFailed,
  OnnxRuntimeMissing,
  runOnnx,
  runTfjs,
  TfjsRunFailed,
} from "./runtime/export/index.ts";
export { withoutQuantizers } from "./runtime/without-quantizers.ts";
export type {
  ExportedModel,
  Exporter,
  ExportOptions,
  OnnxRunOptions,
  TfjsRunOptions,
} from "./runtime/export/index.ts";
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
