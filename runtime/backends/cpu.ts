import { tf } from "../tensors.ts";
import type { Backend } from "./backend.ts";
import { selectEngine } from "./select-engine.ts";

/** Plain JavaScript, hundreds of times slower than wasm: the reference to compare with. */
export async function openCpu(): Promise<Backend> {
  await selectEngine("cpu", ["It is part of @tensorflow/tfjs: reinstall that package."]);
  return {
    name: "cpu",
    threads: 1,
    device: "cpu",
    tolerance: 2e-5,
    describe: () => `cpu: TensorFlow.js ${tf.version_core} in plain JavaScript, the slow reference`,
  };
}
