import { CorruptFile } from "../files.ts";

/** Whether bytes begin as a gzip file does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file with the platform's own decompressor.
 *
 * @param limit most bytes to unpack: a small damaged or hostile file must not fill the memory
 * @throws CorruptFile
 */
export async function inflate(bytes: Uint8Array, file: string, limit: number): Promise<Uint8Array> {
  const packed = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  const reader = packed.pipeThrough(new DecompressionStream("gzip")).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part = await readPart(reader, file);
    if (part === undefined) return concatenate(parts, size);
    parts.push(part);
    size += part.length;
    if (size > limit) {
      await reader.cancel();
      const problem = `unpacks to more than ${limit} bytes`;
      throw new CorruptFile(file, problem, "Download it again.");
    }
  }
}

async function readPart(
  reader: { read(): Promise<{ value?: Uint8Array | undefined }> },
  file: string,
): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    throw new CorruptFile(file, "is not a whole gzip file", "Download it again.");
  }
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
