import { DeviceFailed, TensorMemoryExhausted } from "../../backends/index.ts";
import { joinExamples, sliceExamples } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import { tf } from "../../tensors.ts";
import { modelFile } from "./model-file.ts";

export interface TfjsRunOptions {
  /** Examples per call, default 64. */
  readonly batch?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** TensorFlow.js refused the model or failed while executing it. */
export class TfjsRunFailed extends Error {
  override readonly name = "TfjsRunFailed";

  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`TensorFlow.js could not execute the model: ${reason}`, { cause });
  }
}

/**
 * Executes a GraphModel of {@link exportTfjs} on the current backend as an application would: through `tf.loadGraphModel`, but from memory.
 *
 * @param files `model.json` and the files of weights that it names
 * @param input NHWC or [batch, channels]
 * @returns the output, NHWC or [batch, channels]
 * @throws TfjsRunFailed when TensorFlow.js does not accept the files or the input
 * @throws DeviceFailed, TensorMemoryExhausted, of which no model is the cause
 */
export async function runTfjs(
  files: ReadonlyMap<string, Uint8Array>,
  input: HostTensor,
  options: TfjsRunOptions = {},
): Promise<HostTensor> {
  try {
    const model = await tf.loadGraphModel({ load: () => readArtifacts(files) });
    try {
      return await runBatches(model, input, options);
    } finally {
      model.dispose();
    }
  } catch (error) {
    const isOfMachine = error instanceof DeviceFailed || error instanceof TensorMemoryExhausted;
    throw isOfMachine ? error : new TfjsRunFailed(error);
  }
}

function readArtifacts(files: ReadonlyMap<string, Uint8Array>): Promise<tf.io.ModelArtifacts> {
  const model = JSON.parse(new TextDecoder().decode(fileOf(files, modelFile))) as tf.io.ModelJSON;
  return tf.io.getModelArtifactsForJSON(model, async (manifest) => {
    const shards = manifest
      .flatMap(({ paths }) => paths)
      .map((path) => fileOf(files, path).slice());
    return [manifest.flatMap(({ weights }) => weights), shards.map(({ buffer }) => buffer)];
  });
}

function fileOf(files: ReadonlyMap<string, Uint8Array>, name: string): Uint8Array {
  const bytes = files.get(name);
  if (!bytes) throw new Error(`the file ${name} is missing`);
  return bytes;
}

async function runBatches(
  model: tf.GraphModel,
  input: HostTensor,
  { batch = 64, onProgress }: TfjsRunOptions,
): Promise<HostTensor> {
  const examples = input.shape[0] ?? 0;
  const parts: HostTensor[] = [];
  for (let start = 0; start < examples; start += batch) {
    parts.push(await runBatch(model, sliceExamples(input, start, batch)));
    onProgress?.(Math.min(start + batch, examples), examples);
  }
  return joinExamples(parts);
}

async function runBatch(model: tf.GraphModel, { shape, data }: HostTensor): Promise<HostTensor> {
  const x = tf.tensor(data, [...shape], "float32");
  try {
    const y = model.predict(x) as tf.Tensor;
    try {
      // A copy: cpu hands out the tensor's own array.
      return { shape: [...y.shape], data: ((await y.data()) as Float32Array).slice() };
    } finally {
      y.dispose();
    }
  } finally {
    x.dispose();
  }
}
