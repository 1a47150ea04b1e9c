import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { tf } from "../../../tensors.ts";

/**
 * Identity without a copy. The engine's own copies the data, so that every tensor which is saved for a
 * backward pass would exist twice; tensors never change, so both can share it, as after a reshape.
 */
export function registerSharingIdentity(): void {
  const original = tf.getKernel("Identity", "wasm");
  tf.unregisterKernel("Identity", "wasm");
  tf.registerKernel({
    ...original,
    kernelFunc: (parameters) => {
      const x = parameters.inputs["x"]!;
      if (x.dtype === "string") return original.kernelFunc(parameters);
      (parameters.backend as BackendWasm).incRef(x.dataId);
      return { dataId: x.dataId, shape: x.shape, dtype: x.dtype };
    },
  });
}
