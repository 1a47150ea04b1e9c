import { tf } from "../../tensors.ts";
import type { Backend, BackendOptions } from "../backend.ts";
import { BackendUnavailable } from "../backend-unavailable.ts";
import { isNode } from "../builtin-module.ts";
import { selectEngine } from "../select-engine.ts";
import { prepareEnvironment } from "./environment.ts";
import { importPackage, remedies } from "./import-package.ts";
import { registerKernels } from "./kernels/index.ts";
import { nativeEngine } from "./native.ts";

/**
 * TensorFlow's native library, on a GPU where it finds one.
 * @param options `threads` counts when it is opened for the first time in a process
 * @throws BackendUnavailable where no tfjs-node is installed or built, or none loads
 */
export async function openTensorflow(options: BackendOptions): Promise<Backend> {
  if (!isNode()) throw new BackendUnavailable("tensorflow", "it is a library for Node", []);
  const threads = prepareEnvironment(options.threads);
  const loaded = await importPackage();
  await selectEngine("tensorflow", remedies);
  registerKernels();
  const { isUsingGpuDevice, binding } = nativeEngine();
  const device = isUsingGpuDevice ? "gpu" : "cpu";
  const place = isUsingGpuDevice ? "a GPU" : threads === 1 ? "1 thread" : `${threads} threads`;
  const description = `tensorflow: native TensorFlow ${binding.TF_Version} on ${place}, through TensorFlow.js ${tf.version_core} (${loaded})`;
  return {
    name: "tensorflow",
    threads,
    device,
    tolerance: 2e-5,
    describe: () => description,
  };
}
