import type { Size } from "./image-decoder.ts";
import type { RgbImage } from "./rgb-image.ts";

/** Bits after the point of a weight: as many as leave room for sums of bytes in 32 bits. */
const precision = 22;

/** What one pixel is made of: pixels from `first` on, with these weights. */
interface Tap {
  readonly first: number;
  readonly weights: Int32Array;
}

/**
 * An image resized as torchvision does it to images of Pillow (Image.resize, BILINEAR), in the same whole numbers: a triangle as
 * wide as the scale against aliasing, cut off at the borders; columns first, rounded to bytes, then rows.
 */
export function resizeBilinear(image: RgbImage, [height, width]: Size): RgbImage {
  return resizeRows(resizeColumns(image, width), height);
}

function resizeColumns(image: RgbImage, width: number): RgbImage {
  if (width === image.width) return image;
  const { height, pixels } = image;
  const taps = makeTaps(image.width, width);
  const out = new Uint8Array(height * width * 3);
  for (let row = 0; row < height; row++) {
    const start = 3 * row * image.width;
    taps.forEach(({ first, weights }, column) => {
      const at = 3 * (row * width + column);
      sumPixels(pixels, start + 3 * first, 3, weights, out, at);
    });
  }
  return { height, width, pixels: out };
}

function resizeRows(image: RgbImage, height: number): RgbImage {
  if (height === image.height) return image;
  const { width, pixels } = image;
  const out = new Uint8Array(height * width * 3);
  makeTaps(image.height, height).forEach(({ first, weights }, row) => {
    for (let column = 0; column < width; column++) {
      const from = 3 * (first * width + column);
      sumPixels(pixels, from, 3 * width, weights, out, 3 * (row * width + column));
    }
  });
  return { height, width, pixels: out };
}

/** One pixel, from pixels `stride` bytes apart. */
function sumPixels(
  pixels: Uint8Array,
  from: number,
  stride: number,
  weights: Int32Array,
  out: Uint8Array,
  at: number,
): void {
  let red = 1 << (precision - 1);
  let green = red;
  let blue = red;
  for (let tap = 0, place = from; tap < weights.length; tap++, place += stride) {
    const weight = weights[tap]!;
    red += weight * pixels[place]!;
    green += weight * pixels[place + 1]!;
    blue += weight * pixels[place + 2]!;
  }
  // No weight is negative and their sum is 1, so that a sum is at most 255 and a rounding error.
  out[at] = Math.min(255, red >> precision);
  out[at + 1] = Math.min(255, green >> precision);
  out[at + 2] = Math.min(255, blue >> precision);
}

function makeTaps(from: number, to: number): readonly Tap[] {
  const scale = from / to;
  const reach = Math.max(1, scale);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const end = Math.min(from, Math.trunc(centre + reach + 0.5));
    const weights = Array.from({ length: end - first }, (_, i) =>
      Math.max(0, 1 - Math.abs((first + i - centre + 0.5) / reach)),
    );
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const whole = weights.map((weight) => Math.floor((weight / sum) * 2 ** precision + 0.5));
    return { first, weights: Int32Array.from(whole) };
  });
}
