/** Two images of one channel, row after row. */
export interface ComparedImages {
  readonly height: number;
  readonly width: number;
  /** [height, width] */
  readonly image: Float32Array;
  /** [height, width]: what it should be. */
  readonly truth: Float32Array;
}

export interface CroppedImages {
  readonly height: number;
  readonly width: number;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/**
 * Both images without their borders, clamped to 0 ... peak.
 *
 * @throws RangeError
 */
export function cropBorder(
  { height, width, image, truth }: ComparedImages,
  border: number,
  peak: number,
): CroppedImages {
  if (image.length !== height * width || truth.length !== height * width) {
    throw new RangeError(
      `Images of ${height} x ${width} pixels are compared; these have ${image.length} and ${truth.length}.`,
    );
  }
  if (!Number.isInteger(border) || border < 0) {
    throw new RangeError(`A border is a whole number of pixels, 0 or more, not \`${border}\`.`);
  }
  const size = { height: height - 2 * border, width: width - 2 * border };
  if (size.height < 1 || size.width < 1) {
    throw new RangeError(
      `Nothing of an image of ${height} x ${width} pixels lies inside a border of ${border}.`,
    );
  }
  const crop = (from: Float32Array): Float64Array => {
    const inside = new Float64Array(size.height * size.width);
    for (let row = 0; row < size.height; row++) {
      const start = (row + border) * width + border;
      const clamped = from.subarray(start, start + size.width);
      clamped.forEach((value, column) => {
        inside[row * size.width + column] = Math.min(peak, Math.max(0, value));
      });
    }
    return inside;
  };
  return { ...size, first: crop(image), second: crop(truth) };
}
