/** The SHA-256 of bytes as 64 lower-case hexadecimal digits, by the platform's own WebCrypto. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  // WebCrypto takes no shared memory, and a file's bytes are never in shared memory.
  const owned = bytes as Uint8Array<ArrayBuffer>;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", owned));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
