import type { WebGPUBackend } from "@tensorflow/tfjs-backend-webgpu";
import { tf } from "../../../tensors.ts";

/** The engine's own kernel as it was before, and the engine. */
export type Original = (parameters: KernelParameters) => tf.TensorInfo;

export type KernelParameters = Parameters<tf.KernelFunc>[0] & { readonly backend: WebGPUBackend };

/**
 * Replaces a kernel of the engine.
 * @param compute gets the call and the engine's own kernel, which it may call instead or with other settings
 */
export function replaceKernel(
  name: string,
  compute: (parameters: KernelParameters, original: Original) => tf.TensorInfo,
): void {
  const original = tf.getKernel(name, "webgpu");
  if (original === undefined) throw new Error(`repqc bug: webgpu has no kernel ${name}`);
  tf.unregisterKernel(name, "webgpu");
  tf.registerKernel({
    ...original,
    kernelFunc: (parameters) =>
      compute(parameters as KernelParameters, original.kernelFunc as unknown as Original),
  });
}
