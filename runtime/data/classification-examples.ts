import type { Augmentation } from "./augmentation.ts";
import { batches } from "./batches.ts";
import type { Dataset } from "./dataset.ts";
import type { ExampleBatch, Examples, PassOptions } from "./examples.ts";
import { checkNormalization, normalizeImages, type Normalization } from "./normalization.ts";

export interface ClassificationOptions {
  readonly augment?: Augmentation;
  /** After the augmentation; images keep their 0 to 1 unless told. */
  readonly normalize?: Normalization;
}

/**
 * Examples of a dataset: its images, 0 to 1, and their labels.
 *
 * @throws RangeError for a normalization that does not fit the images
 */
export function classificationExamples(
  dataset: Dataset,
  { augment, normalize }: ClassificationOptions = {},
): Examples {
  const { name, source, size, shape, classes } = dataset;
  if (normalize) checkNormalization(normalize, shape[2]);
  async function* pass(options: PassOptions): AsyncGenerator<ExampleBatch, void, undefined> {
    const wanted = { ...options, ...(augment && { augment }) };
    for await (const { number, images, labels } of batches(dataset, wanted)) {
      if (normalize) normalizeImages(images, normalize);
      const inputs = { inputs: images, inputShape: shape };
      yield { number, count: labels.length, ...inputs, targets: labels, targetShape: [] };
    }
  }
  return { name, source, size, inputShape: shape, target: { kind: "labels", classes }, pass };
}
