import { lumaOf } from "../metrics/index.ts";
import type { RgbImage } from "./rgb-image.ts";

/** What a network for images sees of a photograph. */
export type Colours =
  /** One channel. */
  | "luma"
  /** Three channels. */
  | "rgb";

/** How a network for images sees a photograph. */
export interface Sight {
  /** Luma unless told. */
  readonly colours?: Colours;
  /** What 255 becomes; 255 unless told, which is what Zhang et al. (ACM MM 2021) train with. ETDS's code, and the weights it publishes, have 1. */
  readonly peak?: number;
}

/** An image of float32 numbers from 0 to the peak. */
export interface FloatImage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** [height, width, channels] */
  readonly data: Float32Array;
}

export function countChannels({ colours = "luma" }: Sight): number {
  return colours === "luma" ? 1 : 3;
}

/** @throws RangeError unless the peak is a number above 0 */
export function checkSight({ peak = 255 }: Sight): void {
  if (Number.isFinite(peak) && peak > 0) return;
  throw new RangeError(`Images reach from 0 to a number above 0, not to \`${peak}\`.`);
}

export function toFloatImage({ height, width, pixels }: RgbImage, sight: Sight): FloatImage {
  const { colours = "luma", peak = 255 } = sight;
  const data = colours === "luma" ? lumaOf(pixels) : Float32Array.from(pixels);
  if (peak !== 255) data.forEach((value, i) => (data[i] = (value / 255) * peak));
  return { height, width, channels: countChannels(sight), data };
}

/** One of the eight ways to lay down an image; done in this order. */
export interface Turn {
  /** Left and right. */
  readonly mirror: boolean;
  readonly upsideDown: boolean;
  /** Rows become columns: with the two others that makes the quarter turns. */
  readonly transpose: boolean;
}

export function turnImage(
  { height, width, channels, data }: FloatImage,
  { mirror, upsideDown, transpose }: Turn,
): FloatImage {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const down = upsideDown ? height - 1 - row : row;
      const right = mirror ? width - 1 - column : column;
      const to = channels * (transpose ? right * height + down : down * width + right);
      const from = channels * (row * width + column);
      for (let c = 0; c < channels; c++) turned[to + c] = data[from + c]!;
    }
  }
  const size = transpose ? { height: width, width: height } : { height, width };
  return { ...size, channels, data: turned };
}
