import type { ImageDecoder } from "./image-decoder.ts";
import type { RgbImage } from "./rgb-image.ts";

/** 256 MiB. */
const mostBytes = 2 ** 28;

/**
 * Decodes photographs, and keeps those last used while they take less than `limit` bytes: many patches are cut out of one, and
 * decoding it costs more than all of them.
 */
export function recentPhotographs(
  decoder: ImageDecoder,
  limit = mostBytes,
): (file: string) => Promise<RgbImage> {
  // A map keeps the order of its entries: the least recently used comes first.
  const known = new Map<string, { readonly image: Promise<RgbImage>; bytes: number }>();
  let used = 0;
  const shrink = (): void => {
    for (const [file, { bytes }] of known) {
      if (used <= limit) return;
      if (bytes === 0) continue; // Still under way: nothing to win, and somebody waits for it.
      known.delete(file);
      used -= bytes;
    }
  };
  const decode = async (file: string): Promise<RgbImage> => {
    try {
      const image = await decoder.decode({ file });
      const entry = known.get(file);
      if (entry) entry.bytes = image.pixels.length;
      used += image.pixels.length;
      shrink();
      return image;
    } catch (error) {
      known.delete(file);
      throw error;
    }
  };
  return (file) => {
    const entry = known.get(file) ?? { image: decode(file), bytes: 0 };
    known.delete(file);
    known.set(file, entry);
    return entry.image;
  };
}
