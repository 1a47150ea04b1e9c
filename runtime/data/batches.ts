import type { Random } from "../random.ts";
import { checkAugmentation, toFloat, toFloatAugmented, type Augmentation } from "./augmentation.ts";
import { imageBytes, type Dataset } from "./dataset.ts";

export interface BatchOptions {
  /** Images per batch. */
  readonly batch: number;
  /**
   * Gives order and augmentation; only its seed and labels count, not what was drawn from it. Pass
   * another fork every epoch: `random.fork("epoch 3")`.
   */
  readonly random: Random;
  /** A random order of all images, or the dataset's own. */
  readonly shuffle: boolean;
  readonly augment?: Augmentation;
  /** The number of the first batch wanted, from 0: where an interrupted epoch goes on. */
  readonly first?: number;
  /** What to do with fewer than `batch` images at the end; kept unless told. */
  readonly incomplete?: "keep" | "drop";
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

/** How many batches an epoch has. */
export function countBatches(
  size: number,
  { batch, incomplete }: Pick<BatchOptions, "batch" | "incomplete">,
): number {
  return incomplete === "drop" ? Math.floor(size / batch) : Math.ceil(size / batch);
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
  const { batch, random, augment, first = 0 } = options;
  checkOptions(options);
  const order = Int32Array.from({ length: dataset.size }, (_, index) => index);
  if (options.shuffle) random.fork("order").shuffle(order);
  const stride = imageBytes(dataset.shape);
  const room = Math.min(batch, dataset.size);
  const pixels = new Uint8Array(room * stride);
  const images = new Float32Array(room * stride);
  const labels = new Int32Array(room);
  const end = countBatches(dataset.size, options);
  for (let number = first; number < end; number++) {
    const indices = order.slice(number * batch, (number + 1) * batch);
    const used = indices.length * stride;
    await dataset.read(indices, pixels, labels);
    const [from, to] = [pixels.subarray(0, used), images.subarray(0, used)];
    if (augment === undefined) toFloat(from, to);
    else toFloatAugmented(from, to, dataset.shape, augment, random.fork(`batch ${number}`));
    yield { number, images: to, labels: labels.subarray(0, indices.length), indices };
  }
}

function checkOptions({ batch, augment, first = 0 }: BatchOptions): void {
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`A batch has a whole number of images, 1 or more, not \`${batch}\`.`);
  }
  if (!Number.isInteger(first) || first < 0) {
    throw new RangeError(`Batches are numbered from 0; \`${first}\` is none.`);
  }
  if (augment !== undefined) checkAugmentation(augment);
}
