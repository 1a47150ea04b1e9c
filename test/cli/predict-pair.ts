import type { Program } from "../../compiler/ir/index.ts";
import type { ExampleBatch } from "../../runtime/data/index.ts";
import { execute } from "../../runtime/execute.ts";
import { tf } from "../../runtime/tensors.ts";
import { takeFrom, toTensors, type HostWeights } from "../../runtime/weights.ts";

/** What a model makes of a batch in mode `eval`. */
export function predictPair(
  program: Program,
  weights: HostWeights,
  { inputs, inputShape, count }: ExampleBatch,
): Float32Array {
  return tf.tidy(() => {
    const input = tf.tensor(inputs, [count, ...inputShape]);
    const take = takeFrom(toTensors(weights));
    const { outputs } = execute(program.train, { mode: "eval", weights: take, input });
    return outputs["output"]!.dataSync() as Float32Array;
  });
}
