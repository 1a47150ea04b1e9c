import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../../tensors.ts";
import { originalKernel } from "./register-kernel.ts";

/**
 * Lets fused convolutions take a bias that is a view, such as [1, C] reshaped to [C]: the engine's kernels
 * look at the shape the data was made with, not at the tensor's own.
 */
export function acceptBiasViews(): void {
  for (const name of ["FusedConv2D", "FusedDepthwiseConv2D"]) {
    const original = originalKernel(name);
    tf.unregisterKernel(name, "wasm");
    tf.registerKernel({
      ...original,
      kernelFunc: (parameters) => {
        const { bias } = parameters.inputs;
        const engine = parameters.backend as BackendWasm;
        if (bias !== undefined) engine.dataIdMap.get(bias.dataId).shape = [...bias.shape];
        return original.kernelFunc(parameters);
      },
    });
  }
}
