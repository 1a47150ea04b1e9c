export { compareOutputs } from "./compare-outputs.ts";
export type { Verdict } from "./compare-outputs.ts";
export { exportOnnx } from "./export-onnx.ts";
export type { OnnxFile, OnnxOptions } from "./export-onnx.ts";
export type { Scales } from "./onnx-site.ts";
export { OnnxRunFailed, OnnxRuntimeMissing, optimizationLevels, runOnnx } from "./verify-onnx.ts";
export type { OnnxRunOptions, OptimizationLevel } from "./verify-onnx.ts";
