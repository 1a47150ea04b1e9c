import { Random } from "../random.ts";
import { cutRegion } from "./cut-region.ts";
import type { Size, View } from "./image-decoder.ts";
import { resizeBilinear } from "./resize-bilinear.ts";
import type { Region, RgbImage } from "./rgb-image.ts";

/** Share of the image's area, and width / height, that a random crop has (Szegedy et al., "Going deeper with convolutions", 2014). */
const areas = [0.08, 1] as const;
const ratios = [3 / 4, 4 / 3] as const;
const attempts = 10;

/** The middle is cut out of an image this many times as large: 256 pixels for 224. */
const margin = 1 / 0.875;

/** What a decoder does with an image that it has decoded, for the view asked for. */
export function takeView(image: RgbImage, view: View | undefined): RgbImage {
  if (view === undefined) return image;
  if (view.kind === "size") return { ...image, pixels: new Uint8Array() };
  if (view.kind === "centre-crop") return cropCentre(image, view.size);
  const random = Random.fromState(view.random);
  const part = cutRegion(image, drawCrop(image, random));
  const resized = resizeBilinear(part, view.size);
  return random.below(2) === 1 ? mirrored(resized) : resized;
}

/**
 * A rectangle of random area and shape as torchvision's RandomResizedCrop draws it: ten attempts, then the middle of the image
 * with the nearest allowed shape.
 */
export function drawCrop({ height, width }: Omit<RgbImage, "pixels">, random: Random): Region {
  const [lowest, highest] = ratios;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const area = height * width * random.uniform(...areas);
    const ratio = Math.exp(random.uniform(Math.log(lowest), Math.log(highest)));
    const crop = {
      height: Math.round(Math.sqrt(area / ratio)),
      width: Math.round(Math.sqrt(area * ratio)),
    };
    const fits = crop.height <= height && crop.width <= width;
    if (!fits || crop.height === 0 || crop.width === 0) continue;
    const top = random.below(height - crop.height + 1);
    return { top, left: random.below(width - crop.width + 1), ...crop };
  }
  const ratio = Math.min(highest, Math.max(lowest, width / height));
  const crop = {
    height: Math.min(height, Math.round(width / ratio)),
    width: Math.min(width, Math.round(height * ratio)),
  };
  return centred({ height, width }, [crop.height, crop.width]);
}

/** The shorter side resized to 8/7 of the wanted size, then the middle. */
function cropCentre(image: RgbImage, size: Size): RgbImage {
  const shorter = Math.round(Math.max(...size) * margin);
  const scaled = (side: number): number =>
    Math.floor((shorter * side) / Math.min(image.height, image.width));
  const resized = resizeBilinear(image, [scaled(image.height), scaled(image.width)]);
  return cutRegion(resized, centred(resized, size));
}

function centred(image: Omit<RgbImage, "pixels">, [height, width]: Size): Region {
  const top = roundHalfEven((image.height - height) / 2);
  return { top, left: roundHalfEven((image.width - width) / 2), height, width };
}

/** Python's rounding, which torchvision places the crop with. */
function roundHalfEven(value: number): number {
  const down = Math.floor(value);
  return value - down === 0.5 ? down + (down % 2) : Math.round(value);
}

function mirrored({ height, width, pixels }: RgbImage): RgbImage {
  const turned = new Uint8Array(pixels.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = 3 * (row * width + column);
      turned.set(pixels.subarray(from, from + 3), 3 * (row * width + width - 1 - column));
    }
  }
  return { height, width, pixels: turned };
}
