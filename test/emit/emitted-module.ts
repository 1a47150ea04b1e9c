import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { transform } from "esbuild";
import type { tf } from "../../runtime/tensors.ts";
import { packageRoot } from "../../cli/package-root.ts";

type Weights = Readonly<Record<string, tf.Tensor>>;

/** What every emitted module exports. */
export interface EmittedModule {
  train(
    x: tf.Tensor,
    weights: Weights,
    mode: { training: boolean; draw: number },
  ): { output: tf.Tensor; updates: Record<string, tf.Tensor> };
  merge(weights: Weights): Record<string, tf.Tensor>;
  deploy(x: tf.Tensor, weights: Weights): tf.Tensor;
  readonly weightTable: readonly { path: string; shape: readonly number[]; role: string }[];
  readonly deployedTable: readonly { path: string; shape: readonly number[]; role: string }[];
}

/** Loads a module in this process, from a folder in which `@tensorflow/tfjs` is found as anywhere in the repository. */
export async function loadModule(typescript: string): Promise<EmittedModule> {
  const cache = join(packageRoot, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "repqc-emit-"));
  try {
    const { code } = await transform(typescript, { loader: "ts", format: "esm" });
    const file = join(folder, "module.mjs");
    writeFileSync(file, code);
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as EmittedModule;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
