export { compareOutputs } from "./compare-outputs.ts";
export type { Distance } from "./compare-outputs.ts";
export { exportOnnx } from "./export-onnx.ts";
export type { OnnxFile, OnnxOptions } from "./export-onnx.ts";
export type { Scales } from "./onnx-site.ts";
export {
  OnnxRunFailed,
  OnnxRuntimeMissing,
  onnxRuntimeProblem,
  optimizationLevels,
  runOnnx,
} from "./verify-onnx.ts";
export type { OnnxRunOptions, OptimizationLevel } from "./verify-onnx.ts";
export type { ExportedModel, Exporter, ExportOptions } from "./exporter.ts";
export { exporters } from "./exporters.ts";
export { exportTfjs } from "./tfjs/export-tfjs.ts";
export { modelFile } from "./tfjs/model-file.ts";
export { runTfjs, TfjsRunFailed } from "./tfjs/run-tfjs.ts";
export type { TfjsRunOptions } from "./tfjs/run-tfjs.ts";
