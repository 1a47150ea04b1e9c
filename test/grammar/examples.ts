import { readFileSync } from "node:fs";

/** The normative text. */
export const language = readFileSync(new URL("../../specs/language.md", import.meta.url), "utf8");

/** What stands in the fences of one kind of the normative text. */
export function fences(kind: string): string[] {
  const fence = new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, "gm");
  return [...language.matchAll(fence)].map(([, text]) => text ?? "");
}
