import { createRequire } from "node:module";
import { tf } from "../tensors.ts";
import { BackendUnavailable } from "./backend-unavailable.ts";
import type { Backend } from "./backend.ts";
import { importOptional } from "./import-optional.ts";
import { selectEngine } from "./select-engine.ts";

const remedies = [
  "Install it with: npm install @tensorflow/tfjs-node-gpu (CUDA) or npm install @tensorflow/tfjs-node.",
  "If the package is there, its native addon is not: install again without --ignore-scripts, with access to storage.googleapis.com.",
];

/** TensorFlow's native library, with CUDA where @tensorflow/tfjs-node-gpu is installed. */
export async function openTensorflow(): Promise<Backend> {
  restoreIsNullOrUndefined();
  const loaded = await importFirst(["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]);
  await selectEngine("tensorflow", remedies);
  return {
    name: "tensorflow",
    threads: 1,
    device: "cpu",
    tolerance: 2e-5,
    describe: () =>
      `tensorflow: native TensorFlow through ${loaded}, TensorFlow.js ${tf.version_core}`,
  };
}

/** Imports the first package that loads, and returns its name; otherwise throws what the last one threw. */
async function importFirst(specifiers: readonly string[]): Promise<string> {
  const failures: BackendUnavailable[] = [];
  for (const specifier of specifiers) {
    try {
      await importOptional({ backend: "tensorflow", specifier, remedies });
      return specifier;
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error;
      failures.push(error);
    }
  }
  // A package that is there but broken says more than one that is not there.
  throw failures.find((failure) => /does not load/.test(failure.message)) ?? failures[0]!;
}

/** Node 23 removed `util.isNullOrUndefined`, which tfjs-node 4.22 still calls. */
function restoreIsNullOrUndefined(): void {
  const util = createRequire(import.meta.url)("node:util") as Record<string, unknown>;
  util["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
}
