import { concatenateBytes } from "./concatenate-bytes.ts";

/** Why a packed stream gave nothing: it is damaged, or unpacks to more than was allowed. */
export type UnpackFailure = "damaged" | "too-long";

/**
 * Unpacks a stream with the platform's own decompressor: gzip (RFC 1952) or raw deflate (RFC 1951).
 *
 * @param limit most bytes to unpack: a small damaged or hostile stream must not fill the memory
 */
export async function unpack(
  bytes: Uint8Array,
  format: "gzip" | "deflate-raw",
  limit: number,
): Promise<Uint8Array | UnpackFailure> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream(format)).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) return concatenateBytes(parts);
      parts.push(value);
      size += value.length;
      if (size > limit) break;
    }
    await reader.cancel();
    return "too-long";
  } catch {
    return "damaged";
  }
}
