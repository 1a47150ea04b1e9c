import type { PassOptions } from "./examples.ts";

export interface PlannedBatch {
  /** 0-based number in the pass. */
  readonly number: number;
  /** Which examples are in it. */
  readonly indices: Int32Array;
}

/** How many batches a pass has. */
export function countBatches(
  size: number,
  { batch, incomplete }: Pick<PassOptions, "batch" | "incomplete">,
): number {
  return incomplete === "drop" ? Math.floor(size / batch) : Math.ceil(size / batch);
}

/**
 * The batches of a pass over `size` examples, from batch `first` on.
 *
 * @throws RangeError for a batch size or a first batch that is no such number
 */
export function planPass(size: number, options: PassOptions): readonly PlannedBatch[] {
  const { batch, random, shuffle, first = 0 } = options;
  if (!Number.isInteger(batch) || batch < 1) {
    throw new RangeError(`A batch has a whole number of images, 1 or more, not \`${batch}\`.`);
  }
  if (!Number.isInteger(first) || first < 0) {
    throw new RangeError(`Batches are numbered from 0; \`${first}\` is none.`);
  }
  const order = Int32Array.from({ length: size }, (_, index) => index);
  if (shuffle) random.fork("order").shuffle(order);
  const count = Math.max(0, countBatches(size, options) - first);
  return Array.from({ length: count }, (_, i) => {
    const number = first + i;
    return { number, indices: order.subarray(number * batch, (number + 1) * batch) };
  });
}
