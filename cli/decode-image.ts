import sharp from "sharp";
import type { RgbImage } from "../runtime/data/index.ts";

/**
 * The pixels of an image file as they are stored: not turned by the camera's note, not changed by a colour profile, without
 * transparency; grey as three equal colours. That is what the frameworks' loaders give.
 *
 * @throws Error with the decoder's own words where the bytes are no whole image
 */
export async function decodeImage(bytes: Uint8Array): Promise<RgbImage> {
  // Not at every warning: ImageNet has images with harmless ones.
  const image = sharp(bytes, { failOn: "error", ignoreIcc: true, sequentialRead: true });
  const { data, info } = await image
    .toColourspace("srgb")
    .removeAlpha()
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { height, width, channels } = info;
  if (channels !== 3) throw new Error(`it has ${channels} colours`);
  // Copied, because memory of the decoder's own cannot be handed to another thread.
  return { height, width, pixels: new Uint8Array(data) };
}
