import { createHash } from "node:crypto";

/** 16 digits that stand for what something depends on. */
export function keyOf(parts: unknown): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 16);
}
