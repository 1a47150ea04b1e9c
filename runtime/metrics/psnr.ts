import { cropBorder, type ComparedImages } from "./crop-border.ts";

export interface PsnrOptions {
  /** Pixels left out along every edge: in super-resolution, as many as the scale. None unless told. */
  readonly border?: number;
  /** Largest value that an image can have; 255 unless told. Values outside of 0 to `peak` are clamped, not rounded. */
  readonly peak?: number;
}

/**
 * Peak signal-to-noise ratio of two images of one channel, in decibels: 10 log10(peak^2 / mean squared difference). Infinite where
 * they are equal; NaN where one of them holds NaN.
 *
 * For PSNR-Y of the super-resolution literature both are luma from 0 to 255 (not rounded) and the border is the scale.
 *
 * @throws RangeError when nothing is left inside the border, or the images differ in size
 */
export function psnr(images: ComparedImages, { border = 0, peak = 255 }: PsnrOptions = {}): number {
  const { first, second } = cropBorder(images, border, peak);
  let squares = 0;
  for (let i = 0; i < first.length; i++) squares += (first[i]! - second[i]!) ** 2;
  return 10 * Math.log10(peak ** 2 / (squares / first.length));
}
