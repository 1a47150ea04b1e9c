import type { Engine } from "./engine.ts";
import { deployedGraph } from "./engines/deployed-graph.ts";
import { integerExecutor } from "./engines/integer-executor.ts";
import { onnxruntime } from "./engines/onnxruntime.ts";
import { tfjsGraphModel } from "./engines/tfjs-graph-model.ts";
import { trainingGraph } from "./engines/training-graph.ts";

/** Every engine, in the order of the table. */
export const engines: readonly Engine[] = [
  trainingGraph,
  deployedGraph,
  integerExecutor,
  ...onnxruntime,
  tfjsGraphModel,
];

export type { Doubt } from "./doubt/doubt.ts";
export { floatingDeployment } from "./floating-deployment.ts";
export { EngineFailed } from "./engine.ts";
export type { Deployment, Engine, EngineOptions } from "./engine.ts";
export { judgeOutputs } from "./judges-for.ts";
export { rarity } from "./verdict.ts";
export type { BitVerdict, Difference, ToleranceVerdict, Unexplained, Verdict } from "./verdict.ts";
export type { Verification, VerificationRow } from "./verification.ts";
export { verifyDeployment } from "./verify-deployment.ts";
export type { VerifyOptions } from "./verify-deployment.ts";
export { compareContents } from "./model-contents.ts";
export type { ModelChanges, ModelContents } from "./model-contents.ts";
export { onnxContents } from "./onnx-contents.ts";
export { tfjsContents, tfjsWeightFiles } from "./tfjs-contents.ts";
export { verifyOnnxAlone } from "./verify-onnx-alone.ts";
export { isQuantized } from "./is-quantized.ts";
