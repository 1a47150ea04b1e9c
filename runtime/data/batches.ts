import { checkAugmentation, toFloat, toFloatAugmented, type Augmentation } from "./augmentation.ts";
import { imageBytes, type Dataset } from "./dataset.ts";
import type { PassOptions } from "./examples.ts";
import { planPass } from "./plan-pass.ts";

export interface BatchOptions extends PassOptions {
  readonly augment?: Augmentation;
}

/** Arrays that the next batch overwrites: copy or upload them before asking for it. */
export interface Batch {
  /** 0-based number in the epoch. */
  readonly number: number;
  /** [count, height, width, channels], 0 to 1. */
  readonly images: Float32Array;
  /** [count] */
  readonly labels: Int32Array;
  /** [count]: which images of the dataset these are. */
  readonly indices: Int32Array;
}

/**
 * One pass over a dataset. The same options give the same batches to the bit, and batches from
 * `first` on are those of the whole pass: every batch is augmented from a stream of its own.
 *
 * @throws RangeError for a batch size or a first batch that is no such number
 */
export async function* batches(
  dataset: Dataset,
  options: BatchOptions,
): AsyncGenerator<Batch, void, undefined> {
  const { batch, random, augment } = options;
  if (augment !== undefined) checkAugmentation(augment);
  const plan = planPass(dataset.size, options);
  const stride = imageBytes(dataset.shape);
  const room = Math.min(batch, dataset.size);
  const pixels = new Uint8Array(room * stride);
  const images = new Float32Array(room * stride);
  const labels = new Int32Array(room);
  for (const { number, indices } of plan) {
    const used = indices.length * stride;
    await dataset.read(indices, pixels, labels);
    const [from, to] = [pixels.subarray(0, used), images.subarray(0, used)];
    if (augment === undefined) toFloat(from, to);
    else toFloatAugmented(from, to, dataset.shape, augment, random.fork(`batch ${number}`));
    yield { number, images: to, labels: labels.subarray(0, indices.length), indices };
  }
}
