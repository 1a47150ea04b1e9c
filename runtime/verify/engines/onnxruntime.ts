import {
  exportOnnx,
  OnnxRunFailed,
  onnxRuntimeProblem,
  optimizationLevels,
  runOnnx,
} from "../../export/index.ts";
import { EngineFailed, type Deployment, type Engine } from "../engine.ts";
import { batchFor } from "./run-graph.ts";

/** onnxruntime at each of its optimization levels. */
export const onnxruntime: readonly Engine[] = optimizationLevels.map((level) => ({
  name: `onnxruntime, ${level}`,
  executes: "onnx",
  missing: onnxRuntimeProblem,
  run: async (deployment, input, { onProgress } = {}) => {
    const options = { level, batch: batchFor(input), ...(onProgress && { onProgress }) };
    try {
      return await runOnnx(fileOf(deployment), input, options);
    } catch (error) {
      if (error instanceof OnnxRunFailed) throw new EngineFailed(error.message);
      throw error;
    }
  },
}));

const exported = new WeakMap<Deployment, Uint8Array>();

/** The file that is there, or a fresh one, made once. */
function fileOf(deployment: Deployment): Uint8Array {
  const { onnx, program, deployed } = deployment;
  const bytes =
    onnx ?? exported.get(deployment) ?? exportOnnx(program, deployed, { generator: "repqc" }).bytes;
  exported.set(deployment, bytes);
  return bytes;
}
