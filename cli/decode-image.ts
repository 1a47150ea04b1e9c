import sharp, { type Sharp } from "sharp";
import type { RgbImage } from "../runtime/data/index.ts";

/**
 * The pixels of an image file as they are stored: not turned by the camera's note, not changed by a colour profile, without
 * transparency; grey as three equal colours, inks (CMYK) as what they leave of white. That is what the frameworks' loaders give.
 *
 * @throws Error with the decoder's own words where the bytes are no whole image
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  // Not at every warning: ImageNet has images with harmless ones.
  const image = sharp(bytes, { failOn: "error", ignoreIcc: true, sequentialRead: true });
  const { space } = await image.metadata();
  if (space === "cmyk") return fromInks(image);
  const { data, height, width, channels } = await rawPixels(image.toColourspace("srgb"));
  if (channels !== 3) throw new Error(`it has ${channels} colours`);
  // Copied, because memory of the decoder's own cannot be handed to another thread.
  return { height, width, pixels: new Uint8Array(data) };
}

/** Without a printer's profile, which the decoder would suppose and the frameworks' loaders do not: (255 - ink) · (255 - black) / 255. */
async function fromInks(image: Sharp): Promise<RgbImage> {
  const inks = image.pipelineColourspace("cmyk").toColourspace("cmyk");
  const { data, height, width, channels } = await rawPixels(inks);
  if (channels !== 4) throw new Error(`it has ${channels} inks`);
  const pixels = new Uint8Array(3 * height * width);
  for (let pixel = 0; pixel < height * width; pixel++) {
    const white = 255 - (data[4 * pixel + 3] ?? 0);
    for (let colour = 0; colour < 3; colour++) {
      const ink = data[4 * pixel + colour] ?? 0;
      pixels[3 * pixel + colour] = white - Math.round((ink * white) / 255);
    }
  }
  return { height, width, pixels };
}

async function rawPixels(image: Sharp) {
  const { data, info } = await image
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  return { data, height, width, channels };
}
