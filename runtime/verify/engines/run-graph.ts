import type { Graph } from "../../../compiler/ir/graph.ts";
import { execute } from "../../execute.ts";
import { joinExamples, sliceExamples } from "../../integer/index.ts";
import type { HostTensor } from "../../safetensors.ts";
import { tf } from "../../tensors.ts";
import { disposeAll, takeFrom, toTensors, type HostWeights } from "../../weights.ts";

/** Examples at a time, or fewer where they are large: so many positions. */
const mostExamples = 64;
const mostPositions = 1 << 20;

/** How many examples an engine should compute at a time, so that its memory does not grow with the input. */
export function batchFor({ shape }: HostTensor): number {
  const [, height = 1, width = 1] = shape.length === 4 ? shape : [];
  return Math.max(1, Math.min(mostExamples, Math.floor(mostPositions / (height * width))));
}

/** Runs a graph in mode `eval` on the open backend. @returns its outputs by name */
export async function runGraph(
  graph: Graph,
  weights: HostWeights,
  input: HostTensor,
  onProgress?: (done: number, total: number) => void,
): Promise<ReadonlyMap<string, HostTensor>> {
  const tensors = toTensors(weights);
  try {
    const parts = new Map<string, HostTensor[]>();
    const [examples = 0] = input.shape;
    const batch = batchFor(input);
    for (let start = 0; start < examples; start += batch) {
      const part = sliceExamples(input, start, batch);
      const outputs = tf.tidy(() => {
        const x = tf.tensor(part.data, [...part.shape], "float32");
        return execute(graph, { mode: "eval", weights: takeFrom(tensors), input: x }).outputs;
      });
      for (const [name, tensor] of Object.entries(outputs)) {
        const data = ((await tensor.data()) as Float32Array).slice();
        parts.set(name, [...(parts.get(name) ?? []), { shape: tensor.shape, data }]);
        tensor.dispose();
      }
      onProgress?.(Math.min(start + batch, examples), examples);
    }
    return new Map([...parts].map(([name, each]) => [name, joinExamples(each)]));
  } finally {
    disposeAll(tensors);
  }
}

/** The one output of a model. */
export async function runModel(...call: Parameters<typeof runGraph>): Promise<HostTensor> {
  const output = (await runGraph(...call)).get("output");
  if (!output) throw new Error("repqc bug: a graph without an output");
  return output;
}
