import type { Graph } from "../../compiler/ir/index.ts";
import type { ExampleBatch, ImagePairs } from "../../runtime/data/index.ts";
import { execute } from "../../runtime/execute.ts";
import { lumaOf, psnr } from "../../runtime/metrics/index.ts";
import { Random } from "../../runtime/random.ts";
import { tf } from "../../runtime/tensors.ts";
import { disposeAll, takeFrom, toTensors, type HostWeights } from "../../runtime/weights.ts";

/**
 * PSNR-Y in decibels, the mean over the images, of a graph from colours of 0 to 1 to colours of 0 to 1: clamped, not rounded; luma as
 * MATLAB's; as many pixels as the scale cropped at every edge.
 */
export async function measurePsnr(
  graph: Graph,
  weights: HostWeights,
  pairs: ImagePairs,
): Promise<number> {
  const tensors = toTensors(weights);
  const random = Random.fromSeed(0); // Unused: the order is the images' own.
  let sum = 0;
  try {
    for await (const batch of pairs.pass({ batch: 1, random, shuffle: false })) {
      const enlarged = await enlargeOne(graph, tensors, batch);
      sum += psnrOfColours(enlarged, batch, pairs.scale);
    }
  } finally {
    disposeAll(tensors);
  }
  return sum / pairs.size;
}

/** PSNR-Y in decibels of one image's colours, from 0 to 1, against the batch's target. */
export function psnrOfColours(
  colours: Float32Array,
  { targets, targetShape }: Pick<ExampleBatch, "targets" | "targetShape">,
  scale: number,
): number {
  const [height = 0, width = 0] = targetShape;
  const [image, truth] = [lumaOf(colours, 1), lumaOf(targets as Float32Array, 1)];
  return psnr({ height, width, image, truth }, { border: scale });
}

async function enlargeOne(
  graph: Graph,
  tensors: ReadonlyMap<string, tf.Tensor>,
  { inputs, inputShape }: { readonly inputs: Float32Array; readonly inputShape: readonly number[] },
): Promise<Float32Array> {
  const output = tf.tidy(() => {
    const input = tf.tensor(inputs, [1, ...inputShape]);
    const run = execute(graph, { mode: "eval", weights: takeFrom(tensors), input });
    return tf.clipByValue(run.outputs["output"]!, 0, 1);
  });
  const colours = ((await output.data()) as Float32Array).slice();
  output.dispose();
  return colours;
}
