import type { Random } from "../random.ts";
import { imageBytes, type ImageShape } from "./dataset.ts";

export interface Augmentation {
  /** Mirrors left and right in half of the cases. */
  readonly flip: boolean;
  /** Moves by a whole number of pixels up to this, in each direction; what comes in is black. */
  readonly shift: number;
}

/** Each byte as the float32 nearest to its 255th part: the range of an image is 0 to 1. */
const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Converts packed images to float32 in 0..1; both hold the same images, NHWC. */
export function toFloat(pixels: Uint8Array, images: Float32Array): void {
  for (let i = 0; i < pixels.length; i++) images[i] = unit[pixels[i] ?? 0] ?? 0;
}

/**
 * Converts like `toFloat`, each image flipped and shifted on its own. The images are drawn for in
 * their order: flip first (if wanted), then rows, then columns (if wanted).
 */
export function toFloatAugmented(
  pixels: Uint8Array,
  images: Float32Array,
  shape: ImageShape,
  augmentation: Augmentation,
  random: Random,
): void {
  const stride = imageBytes(shape);
  for (let start = 0; start < pixels.length; start += stride) {
    const flip = augmentation.flip && random.below(2) === 1;
    const [down, right] = drawShift(augmentation.shift, random);
    const from = pixels.subarray(start, start + stride);
    moveImage(from, images.subarray(start, start + stride), shape, { flip, down, right });
  }
}

/** @throws RangeError unless the shift is a whole number, 0 or more */
export function checkAugmentation({ shift }: Augmentation): void {
  if (!Number.isInteger(shift) || shift < 0) {
    throw new RangeError(
      `Images are shifted by up to a whole number of pixels, 0 or more, not \`${shift}\`.`,
    );
  }
}

interface Move {
  readonly flip: boolean;
  /** Pixels; negative: up. */
  readonly down: number;
  /** Pixels, after the flip; negative: left. */
  readonly right: number;
}

function drawShift(shift: number, random: Random): readonly [down: number, right: number] {
  if (shift === 0) return [0, 0];
  const down = random.below(2 * shift + 1) - shift;
  return [down, random.below(2 * shift + 1) - shift];
}

function moveImage(from: Uint8Array, to: Float32Array, shape: ImageShape, move: Move): void {
  const [height, width, channels] = shape;
  to.fill(0);
  const firstRow = Math.max(0, move.down);
  const firstColumn = Math.max(0, move.right);
  for (let row = firstRow; row < Math.min(height, height + move.down); row++) {
    for (let column = firstColumn; column < Math.min(width, width + move.right); column++) {
      const unflipped = column - move.right;
      const sourceColumn = move.flip ? width - 1 - unflipped : unflipped;
      const source = ((row - move.down) * width + sourceColumn) * channels;
      const target = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) to[target + c] = unit[from[source + c] ?? 0] ?? 0;
    }
  }
}
