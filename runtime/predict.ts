import type { Graph } from "../compiler/ir/graph.ts";
import { batches, type Dataset } from "./data/index.ts";
import { execute } from "./execute.ts";
import { Random } from "./random.ts";
import type { HostTensor } from "./safetensors.ts";
import { tf } from "./tensors.ts";
import { disposeAll, takeFrom, toTensors, type HostWeights } from "./weights.ts";

export interface Predictions {
  /** [images, classes]: what the graph yields before any softmax. */
  readonly outputs: HostTensor;
  /** Share of images, 0 to 1, whose first largest output is their class. */
  readonly accuracy: number;
}

export interface PredictOptions {
  /** Images at a time; 250 unless told. */
  readonly batch?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Outputs of a train or deploy graph, mode `eval`, for every image of a dataset in its own order. */
export async function predict(
  graph: Graph,
  weights: HostWeights,
  dataset: Dataset,
  options: PredictOptions = {},
): Promise<Predictions> {
  const tensors = toTensors(weights);
  try {
    return await predictWith(graph, tensors, dataset, options);
  } finally {
    disposeAll(tensors);
  }
}

/** The same with weights that are on the backend; they stay the caller's. */
export async function predictWith(
  graph: Graph,
  weights: ReadonlyMap<string, tf.Tensor>,
  dataset: Dataset,
  { batch = 250, signal, onProgress }: PredictOptions = {},
): Promise<Predictions> {
  const random = Random.fromSeed(0); // Unused: the order is the dataset's own.
  const rows: Float32Array[] = [];
  const truth: number[] = [];
  for await (const { images, labels } of batches(dataset, { batch, random, shuffle: false })) {
    signal?.throwIfAborted();
    const output = tf.tidy(() => {
      const input = tf.tensor(images, [labels.length, ...dataset.shape]);
      return execute(graph, { mode: "eval", weights: takeFrom(weights), input }).outputs["output"]!;
    });
    rows.push(((await output.data()) as Float32Array).slice());
    truth.push(...labels);
    output.dispose();
    onProgress?.(truth.length, dataset.size);
  }
  const data = concatenate(rows);
  const outputs = { shape: [truth.length, data.length / truth.length], data };
  return { outputs, accuracy: accuracyOf(outputs, truth) };
}

/** Share of rows whose first largest number stands at their label. */
function accuracyOf({ shape, data }: HostTensor, labels: ArrayLike<number>): number {
  const [count = 0, classes = 0] = shape;
  let correct = 0;
  for (let row = 0; row < count; row++) {
    const numbers = data.subarray(row * classes, (row + 1) * classes);
    if (numbers.indexOf(Math.max(...numbers)) === labels[row]) correct++;
  }
  return correct / count;
}

function concatenate(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
