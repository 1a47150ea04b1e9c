import { cropBorder, type ComparedImages } from "./crop-border.ts";
import type { PsnrOptions } from "./psnr.ts";

const windowSize = 11;
const deviation = 1.5;
const [k1, k2] = [0.01, 0.03];

/**
 * Mean structural similarity of two images of one channel, 1 where they are equal (Wang, Bovik, Sheikh and Simoncelli, "Image quality
 * assessment: from error visibility to structural similarity", 2004, equation 13 and section III.C): in every 11 x 11 window that lies
 * inside, with weights of a Gaussian of deviation 1.5, K1 = 0.01, K2 = 0.03.
 *
 * @throws RangeError when less than one window is left inside the border, or the images differ in size
 */
export function ssim(images: ComparedImages, { border = 0, peak = 255 }: PsnrOptions = {}): number {
  const { height, width, first, second } = cropBorder(images, border, peak);
  if (height < windowSize || width < windowSize) {
    throw new RangeError(
      `SSIM needs ${windowSize} x ${windowSize} pixels inside the border, not ${height} x ${width}.`,
    );
  }
  const blur = (values: Float64Array): Float64Array => blurInside(values, height, width);
  const [mean, otherMean] = [blur(first), blur(second)];
  const [square, otherSquare] = [blur(multiply(first, first)), blur(multiply(second, second))];
  const product = blur(multiply(first, second));
  const [c1, c2] = [(k1 * peak) ** 2, (k2 * peak) ** 2];
  let sum = 0;
  for (let i = 0; i < mean.length; i++) {
    const [x, y] = [mean[i]!, otherMean[i]!];
    const covariance = product[i]! - x * y;
    const variances = square[i]! - x * x + otherSquare[i]! - y * y;
    sum += ((2 * x * y + c1) * (2 * covariance + c2)) / ((x * x + y * y + c1) * (variances + c2));
  }
  return sum / mean.length;
}

function multiply(first: Float64Array, second: Float64Array): Float64Array {
  return first.map((value, i) => value * second[i]!);
}

/** Weighted means over the windows that lie inside: rows, then columns, since a Gaussian is a product of two. */
function blurInside(values: Float64Array, height: number, width: number): Float64Array {
  const weights = gaussian();
  const [rows, columns] = [height - windowSize + 1, width - windowSize + 1];
  const across = new Float64Array(height * columns);
  for (let i = 0; i < across.length; i++) {
    const start = Math.floor(i / columns) * width + (i % columns);
    across[i] = weigh(values, start, 1, weights);
  }
  const blurred = new Float64Array(rows * columns);
  for (let i = 0; i < blurred.length; i++) blurred[i] = weigh(across, i, columns, weights);
  return blurred;
}

function weigh(values: Float64Array, start: number, step: number, weights: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < windowSize; i++) sum += weights[i]! * values[start + i * step]!;
  return sum;
}

function gaussian(): Float64Array {
  const middle = (windowSize - 1) / 2;
  const weights = Float64Array.from({ length: windowSize }, (_, i) =>
    Math.exp(-((i - middle) ** 2) / (2 * deviation ** 2)),
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
