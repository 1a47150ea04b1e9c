/**
 * Unpacks a raw deflate stream (RFC 1951) with the platform's own decompressor.
 *
 * @param size how many bytes must come out: a hostile stream is left as soon as it gives more
 * @returns nothing where the stream is damaged or of another length
 */
export async function inflateRaw(bytes: Uint8Array, size: number): Promise<Uint8Array | undefined> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { value } = await reader.read();
      if (value === undefined) break;
      length += value.length;
      if (length > size) break;
      parts.push(value);
    }
    if (length > size) await reader.cancel();
  } catch {
    return undefined;
  }
  return length === size ? concatenate(parts, size) : undefined;
}

function concatenate(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
