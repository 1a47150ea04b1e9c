import { imageBytes, type Dataset, type ImageShape } from "./dataset.ts";

export interface PackedImages {
  readonly name: string;
  readonly source: string;
  readonly shape: ImageShape;
  readonly classes: readonly string[];
  /** All images one after another, height x width x channels bytes each. */
  readonly pixels: Uint8Array;
  /** One per image, less than the number of classes. */
  readonly labels: Uint8Array;
}

/** A dataset that is in memory whole, one byte per pixel. Keeps the arrays, does not copy them. */
export function packedDataset(images: PackedImages): Dataset {
  const { name, source, shape, classes, pixels: allPixels, labels: allLabels } = images;
  const stride = imageBytes(shape);
  const size = allLabels.length;
  if (allPixels.length !== size * stride) {
    throw new Error(
      `${size} labels and ${allPixels.length} bytes of images do not go together; this is a bug of repqc.`,
    );
  }
  const read = (indices: Int32Array, pixels: Uint8Array, labels: Int32Array): void => {
    indices.forEach((index, place) => {
      if (index < 0 || index >= size) {
        throw new RangeError(`There is no image ${index} in ${name}: it has ${size}.`);
      }
      pixels.set(allPixels.subarray(index * stride, (index + 1) * stride), place * stride);
      labels[place] = allLabels[index] ?? 0;
    });
  };
  return { name, source, size, shape, classes, read };
}
