/**
 * Images with a label each. An implementation may hold them packed in memory or read them as they are
 * asked for; nobody asks for more than a batch at a time.
 */
export interface Dataset {
  /** "Fashion-MNIST, training part". */
  readonly name: string;
  /** Where the images come from, and how the parts were made. */
  readonly source: string;
  /** Number of images. */
  readonly size: number;
  readonly shape: ImageShape;
  /** Names of the classes; label 3 means `classes[3]`. */
  readonly classes: readonly string[];
  /** The data does not say how many classes there are: `classes` are those up to the largest label that occurs. */
  readonly mayHaveMoreClasses?: boolean;
  /**
   * Copies the images at `indices` one after another into `pixels` (0 to 255, height x width x
   * channels) and their labels into `labels`. Both have room for at least `indices.length` images.
   *
   * @throws FileProblem when an image cannot be read
   */
  read(indices: Int32Array, pixels: Uint8Array, labels: Int32Array): void | Promise<void>;
}

export type ImageShape = readonly [height: number, width: number, channels: number];

/** Bytes of one packed image. */
export function imageBytes([height, width, channels]: ImageShape): number {
  return height * width * channels;
}

/** The first `size` images of a dataset, or all where there are fewer. */
export function firstImages(dataset: Dataset, size: number): Dataset {
  if (!Number.isInteger(size) || size < 1) {
    throw new RangeError(`A part of a dataset has at least 1 image, not \`${size}\`.`);
  }
  if (size >= dataset.size) return dataset;
  const { source, shape, classes, mayHaveMoreClasses = false } = dataset;
  return {
    name: `${dataset.name}, first ${size} of ${dataset.size} images`,
    source,
    size,
    shape,
    classes,
    mayHaveMoreClasses,
    read: (indices, pixels, labels) => dataset.read(indices, pixels, labels),
  };
}

/** How many images each class has, in the order of `classes`. */
export async function countClasses(dataset: Dataset): Promise<readonly number[]> {
  const counts = dataset.classes.map(() => 0);
  const chunk = 1024;
  const pixels = new Uint8Array(chunk * imageBytes(dataset.shape));
  const labels = new Int32Array(chunk);
  for (let from = 0; from < dataset.size; from += chunk) {
    const count = Math.min(chunk, dataset.size - from);
    await dataset.read(
      Int32Array.from({ length: count }, (_, i) => from + i),
      pixels,
      labels,
    );
    for (const label of labels.subarray(0, count)) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}
