import { CorruptFile } from "../files.ts";
import { unpack } from "../unpack.ts";

/** Whether bytes begin as a gzip file does (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Unpacks a gzip file.
 *
 * @param limit most bytes to unpack
 * @throws CorruptFile
 */
export async function inflate(bytes: Uint8Array, file: string, limit: number): Promise<Uint8Array> {
  const found = await unpack(bytes, "gzip", limit);
  if (typeof found === "object") return found;
  const problem =
    found === "damaged" ? "is not a whole gzip file" : `unpacks to more than ${limit} bytes`;
  throw new CorruptFile(file, problem, "Download it again.");
}
