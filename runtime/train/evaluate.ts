import type { Graph } from "../../compiler/ir/graph.ts";
import { batches, type Dataset } from "../data/index.ts";
import { execute } from "../execute.ts";
import { Random } from "../random.ts";
import { tf } from "../tensors.ts";
import { takeFrom } from "../weights.ts";
import { countCorrect } from "./train-step.ts";

export interface EvaluateOptions {
  /** Images at a time; 256 unless told. */
  readonly batch?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Share of a dataset, 0 to 1, that a graph (train or deploy), in mode `eval`, classifies right. */
export async function evaluateAccuracy(
  graph: Graph,
  weights: ReadonlyMap<string, tf.Tensor>,
  dataset: Dataset,
  { batch = 256, signal, onProgress }: EvaluateOptions = {},
): Promise<number> {
  let [correct, done] = [0, 0];
  const random = Random.fromSeed(0); // Unused: the order is the dataset's own.
  for await (const { images, labels } of batches(dataset, { batch, random, shuffle: false })) {
    signal?.throwIfAborted();
    const count = tf.tidy(() => {
      const input = tf.tensor(images, [labels.length, ...dataset.shape]);
      const options = { mode: "eval", weights: takeFrom(weights), input } as const;
      const { outputs } = execute(graph, options);
      return countCorrect(outputs["output"]!, tf.tensor1d(labels, "int32"));
    });
    correct += (await count.data())[0] ?? 0;
    count.dispose();
    done += labels.length;
    onProgress?.(done, dataset.size);
  }
  return correct / dataset.size;
}
