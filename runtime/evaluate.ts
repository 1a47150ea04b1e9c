import type { Graph } from "../compiler/ir/graph.ts";
import type { ExampleBatch, Examples } from "./data/index.ts";
import { execute } from "./execute.ts";
import { lumaOf, psnr, type ComparedImages, type PsnrOptions } from "./metrics/index.ts";
import { Random } from "./random.ts";
import { takeTurns } from "./take-turns.ts";
import { tf } from "./tensors.ts";
import type { Metrics } from "./train/metrics.ts";
import { takeFrom } from "./weights.ts";

export interface EvaluateOptions {
  /** Examples at a time; 250 labels, or 1 image, unless told. */
  readonly batch?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
  /** Each image that was made, one channel of it, beside what it should be, in the order of the examples; targets are overwritten by the next batch. */
  readonly onImage?: (images: ComparedImages, options: Required<PsnrOptions>) => void;
}

/**
 * How good a graph's outputs, mode `eval`, are: `accuracy` where targets are labels, and where they are images `psnr`, the mean over the images
 * of the peak signal-to-noise ratio of luma in decibels, as many pixels cut off along every edge as the images are enlarged times. Weights stay the caller's.
 */
export async function evaluateWith(
  graph: Graph,
  weights: ReadonlyMap<string, tf.Tensor>,
  examples: Examples,
  { batch, signal, onProgress, onImage }: EvaluateOptions = {},
): Promise<Metrics> {
  const isLabels = examples.target.kind === "labels";
  const random = Random.fromSeed(0); // Unused: the order is the examples' own.
  const pass = { batch: batch ?? (isLabels ? 250 : 1), random, shuffle: false };
  const peak = examples.target.kind === "images" ? examples.target.peak : 255;
  let [total, done] = [0, 0];
  const yieldTurn = takeTurns();
  for await (const example of examples.pass(pass)) {
    signal?.throwIfAborted();
    const { inputs, inputShape, count, targets } = example;
    const output = tf.tidy(() => {
      const input = tf.tensor(inputs, [count, ...inputShape]);
      return execute(graph, { mode: "eval", weights: takeFrom(weights), input }).outputs["output"]!;
    });
    const data = (await output.data()) as Float32Array;
    output.dispose();
    if (targets instanceof Int32Array) total += countRight(data, targets);
    else {
      for (const [images, options] of compareImages(data, example, peak)) {
        total += psnr(images, options);
        onImage?.(images, options);
      }
    }
    done += count;
    onProgress?.(done, examples.size);
    await yieldTurn();
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

/** What to compare of a batch of images [count, height, width, 1 or 3], 0 to `peak`; of colours, their luma. */
function* compareImages(
  data: Float32Array,
  { inputShape, targetShape, targets, count }: ExampleBatch,
  peak: number,
): Generator<readonly [ComparedImages, Required<PsnrOptions>]> {
  const [height = 0, width = 0, channels = 1] = targetShape;
  const border = Math.round(height / inputShape[0]);
  const size = height * width * channels;
  for (let place = 0; place < count; place++) {
    const [image, truth] = [data, targets as Float32Array].map((images) => {
      const one = images.subarray(place * size, (place + 1) * size);
      return channels === 3 ? lumaOf(one, peak) : one;
    });
    const compared = { height, width, image: image!, truth: truth! };
    yield [compared, { border, peak: channels === 3 ? 255 : peak }];
  }
}
