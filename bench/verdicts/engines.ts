import { exportOnnx, optimizationLevels, runOnnx } from "../../runtime/export/index.ts";
import { execute } from "../../runtime/execute.ts";
import { joinExamples, sliceExamples } from "../../runtime/integer/index.ts";
import type { HostTensor } from "../../runtime/safetensors.ts";
import { tf } from "../../runtime/tensors.ts";
import type { Deployment, Engine } from "../../runtime/verify/engine.ts";
import { disposeAll, takeFrom, toTensors } from "../../runtime/weights.ts";
import { generator } from "./generator.ts";

/** Numbers of an input that one call takes: some images of 224 x 224. */
const numbersAtATime = 2 ** 20;

export function batchOf({ shape, data }: HostTensor): number {
  const each = data.length / (shape[0] ?? 1);
  return Math.max(1, Math.floor(numbersAtATime / each));
}

/** What trained, in mode eval; the others are compared with it. */
export async function runTraining(deployment: Deployment, input: HostTensor): Promise<HostTensor> {
  const { program, trained } = deployment;
  if (!trained) throw new Error("repqc bug: a cell without trained weights");
  const tensors = toTensors(trained);
  const parts: HostTensor[] = [];
  const batch = batchOf(input);
  for (let start = 0; start < (input.shape[0] ?? 0); start += batch) {
    const { shape, data } = sliceExamples(input, start, batch);
    const output = tf.tidy(() => {
      const options = { mode: "eval", weights: takeFrom(tensors) } as const;
      return execute(program.train, { ...options, input: tf.tensor(data, [...shape]) }).outputs[
        "output"
      ]!;
    });
    parts.push({ shape: output.shape, data: ((await output.data()) as Float32Array).slice() });
    output.dispose();
  }
  disposeAll(tensors);
  return joinExamples(parts);
}

/** The exported file at every level of optimization. */
export const onnxEngines: readonly Engine[] = optimizationLevels.map((level) => ({
  name: `onnxruntime, ${level}`,
  missing: async () => undefined,
  run: async ({ program, deployed }, input) => {
    const { bytes } = exportOnnx(program, deployed, { generator });
    return runOnnx(bytes, input, { level, threads: 2, batch: batchOf(input) });
  },
}));
