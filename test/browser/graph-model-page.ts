import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { runTfjs } from "../../runtime/export/tfjs/run-tfjs.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";

/** Makes a backend the current one. @returns whether it works here */
export async function useBackend(name: string): Promise<boolean> {
  setWasmPaths("/wasm/");
  try {
    if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
    return (await tf.setBackend(name)) && tf.getBackend() === name;
  } catch {
    return false;
  }
}

/** Exported files by name, and an input. */
interface Request {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly input: HostTensor;
}

/** Runs an exported model on the current backend. */
export function run({ files, input }: Request): Promise<HostTensor> {
  return runTfjs(new Map(Object.entries(files)), input);
}
