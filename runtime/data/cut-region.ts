import type { Region, RgbImage } from "./rgb-image.ts";

/** A copy of a region of an image; the region lies inside. */
export function cutRegion(image: RgbImage, { top, left, height, width }: Region): RgbImage {
  const pixels = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const start = 3 * ((top + row) * image.width + left);
    pixels.set(image.pixels.subarray(start, start + 3 * width), 3 * row * width);
  }
  return { height, width, pixels };
}
