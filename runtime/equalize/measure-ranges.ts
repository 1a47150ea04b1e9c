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

/** The largest magnitude per channel (the last axis) of values of a deploy graph over all inputs. */
export async function measureRanges(
  { instructions }: Graph,
  values: readonly ValueId[],
  weights: HostWeights,
  batches: AsyncIterable<InputBatch>,
): Promise<ReadonlyMap<ValueId, Float32Array>> {
  const outputs = Object.fromEntries(values.map((value) => [value, value]));
  const tensors = toTensors(weights);
  const ranges = new Map<ValueId, Float32Array>();
  try {
    for await (const batch of batches) {
      const largest = measureBatch({ instructions, outputs }, tensors, batch);
      for (const [value, tensor] of Object.entries(largest)) {
        widen(ranges, value, (await tensor.data()) as Float32Array);
        tensor.dispose();
      }
    }
  } finally {
    disposeAll(tensors);
  }
  return ranges;
}

function measureBatch(
  graph: Graph,
  tensors: ReadonlyMap<string, tf.Tensor>,
  { inputs, inputShape, count }: InputBatch,
): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const input = tf.tensor(inputs, [count, ...inputShape]);
    const { outputs } = execute(graph, { mode: "eval", weights: takeFrom(tensors), input });
    const largest = Object.entries(outputs).map(([value, map]) => {
      const channels = map.shape[map.rank - 1] ?? 1;
      return [value, tf.max(tf.abs(tf.reshape(map, [-1, channels])), 0)] as const;
    });
    return Object.fromEntries(largest);
  });
}

function widen(ranges: Map<ValueId, Float32Array>, value: ValueId, seen: Float32Array): void {
  const known = ranges.get(value);
  const wider = known?.map((range, channel) => Math.max(range, seen[channel] ?? 0));
  ranges.set(value, wider ?? Float32Array.from(seen));
}
