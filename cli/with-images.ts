import type { ImageDecoder } from "../runtime/data/index.ts";
import { imageDecoder } from "./image-decoder.ts";
import { withRuntimeMistakes } from "./runtime-mistake.ts";

/**
 * Does the work of a command that may read images below a folder: their decoder is there until it is done.
 * @throws UserMistake, as `withRuntimeMistakes`
 */
export async function withImages<T>(
  folder: string,
  work: (decoder: ImageDecoder) => Promise<T>,
): Promise<T> {
  const decoder = imageDecoder(folder);
  try {
    return await withRuntimeMistakes(() => work(decoder));
  } finally {
    await decoder.close();
  }
}
