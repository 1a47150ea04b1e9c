import type { Graph, ValueId } from "../../compiler/ir/graph.ts";
import { execute } from "../execute.ts";
import { tf } from "../tensors.ts";
import { disposeAll, takeFrom, toTensors, type HostWeights } from "../weights.ts";

/** Real inputs [count, ...inputShape]. */
export interface InputBatch {
  readonly inputs: Float32Array;
  readonly inputShape: readonly number[];
  readonly count: number;
}

/** The share of a channel's numbers that may lie beyond its range: a few outliers tell nothing about it. */
const beyond = 1e-3;

/** The range per channel (the last axis) of values of a deploy graph: the mean over the batches of what all but 0.1 % stay within. */
export async function measureRanges(
  { instructions }: Graph,
  values: readonly ValueId[],
  weights: HostWeights,
  batches: AsyncIterable<InputBatch>,
): Promise<ReadonlyMap<ValueId, Float64Array>> {
  const outputs = Object.fromEntries(values.map((value) => [value, value]));
  const tensors = toTensors(weights);
  const sums = new Map<ValueId, Float64Array>();
  let count = 0;
  try {
    for await (const batch of batches) {
      const ranges = measureBatch({ instructions, outputs }, tensors, batch);
      for (const [value, tensor] of Object.entries(ranges)) {
        addTo(sums, value, (await tensor.data()) as Float32Array);
        tensor.dispose();
      }
      count += 1;
    }
  } finally {
    disposeAll(tensors);
  }
  return new Map([...sums].map(([value, sum]) => [value, sum.map((range) => range / count)]));
}

function measureBatch(
  graph: Graph,
  tensors: ReadonlyMap<string, tf.Tensor>,
  { inputs, inputShape, count }: InputBatch,
): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const input = tf.tensor(inputs, [count, ...inputShape]);
    const { outputs } = execute(graph, { mode: "eval", weights: takeFrom(tensors), input });
    const ranges = Object.entries(outputs).map(([value, map]) => [value, rangesOf(map)] as const);
    return Object.fromEntries(ranges);
  });
}

/** Per channel the smallest of the largest magnitudes, of which there are one in a thousand. */
function rangesOf(map: tf.Tensor): tf.Tensor {
  const channels = map.shape[map.rank - 1] ?? 1;
  const magnitudes = tf.transpose(tf.reshape(tf.abs(map), [-1, channels]));
  const largest = Math.ceil(beyond * (magnitudes.shape[1] ?? 1));
  return tf.min(tf.topk(magnitudes, largest).values, 1);
}

function addTo(sums: Map<ValueId, Float64Array>, value: ValueId, seen: Float32Array): void {
  const sum = sums.get(value) ?? new Float64Array(seen.length);
  sums.set(value, sum);
  seen.forEach((range, channel) => (sum[channel] = (sum[channel] ?? 0) + range));
}
