import type { Graph } from "../compiler/ir/graph.ts";
import type { ExampleBatch, Examples } from "./data/index.ts";
import { execute } from "./execute.ts";
import { lumaOf, psnr } from "./metrics/index.ts";
import { Random } from "./random.ts";
import { tf } from "./tensors.ts";
import type { Metrics } from "./train/metrics.ts";
import { takeFrom } from "./weights.ts";

export interface EvaluateOptions {
  /** Examples at a time; 250 labels, or 1 image, unless told. */
  readonly batch?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * How good a graph's outputs, mode `eval`, are: `accuracy` where targets are labels, and where they are images `psnr`, the mean over the images
 * of the peak signal-to-noise ratio of luma in decibels, as many pixels cut off along every edge as the images are enlarged times. Weights stay the caller's.
 */
export async function evaluateWith(
  graph: Graph,
  weights: ReadonlyMap<string, tf.Tensor>,
  examples: Examples,
  { batch, signal, onProgress }: EvaluateOptions = {},
): Promise<Metrics> {
  const isLabels = examples.target.kind === "labels";
  const random = Random.fromSeed(0); // Unused: the order is the examples' own.
  const pass = { batch: batch ?? (isLabels ? 250 : 1), random, shuffle: false };
  const peak = examples.target.kind === "images" ? examples.target.peak : 255;
  let [total, done] = [0, 0];
  for await (const example of examples.pass(pass)) {
    signal?.throwIfAborted();
    const { inputs, inputShape, count, targets } = example;
    const output = tf.tidy(() => {
      const input = tf.tensor(inputs, [count, ...inputShape]);
      return execute(graph, { mode: "eval", weights: takeFrom(weights), input }).outputs["output"]!;
    });
    const data = (await output.data()) as Float32Array;
    output.dispose();
    total +=
      targets instanceof Int32Array ? countRight(data, targets) : addPsnr(data, example, peak);
    done += count;
    onProgress?.(done, examples.size);
  }
  return { [isLabels ? "accuracy" : "psnr"]: total / done };
}

/** Rows whose first largest number stands at their label. */
function countRight(data: Float32Array, labels: ArrayLike<number>): number {
  const classes = data.length / labels.length;
  let right = 0;
  for (let row = 0; row < labels.length; row++) {
    const numbers = data.subarray(row * classes, (row + 1) * classes);
    if (numbers.indexOf(Math.max(...numbers)) === labels[row]) right += 1;
  }
  return right;
}

/** Sum of the ratios of a batch of images [count, height, width, 1 or 3], 0 to `peak`; of colours, those of their luma. */
function addPsnr(
  data: Float32Array,
  { inputShape, targetShape, targets, count }: ExampleBatch,
  peak: number,
) {
  const [height = 0, width = 0, channels = 1] = targetShape;
  const border = Math.round(height / inputShape[0]);
  const size = height * width * channels;
  let sum = 0;
  for (let place = 0; place < count; place++) {
    const [image, truth] = [data, targets as Float32Array].map((images) => {
      const one = images.subarray(place * size, (place + 1) * size);
      return channels === 3 ? lumaOf(one, peak) : one;
    });
    const compared = { height, width, image: image!, truth: truth! };
    sum += psnr(compared, { border, peak: channels === 3 ? 255 : peak });
  }
  return sum;
}
