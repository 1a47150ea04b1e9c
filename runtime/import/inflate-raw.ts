import { unpack } from "../unpack.ts";

/**
 * Unpacks a raw deflate stream (RFC 1951).
 *
 * @param size how many bytes must come out: a hostile stream is left as soon as it gives more
 * @returns nothing where the stream is damaged or of another length
 */
export async function inflateRaw(bytes: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const found = await unpack(bytes, "deflate-raw", size);
  return typeof found === "object" && found.length === size ? found : undefined;
}
