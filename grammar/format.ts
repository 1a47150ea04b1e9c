import { format as formatWith } from "prettier";
import { plugin } from "./prettier.ts";

/**
 * The canonical form of a `.repq` text: see "Canonical form" in specs/language.md.
 * @throws SyntaxError with the first problem, if the text has syntax problems; parse it first to tell them all.
 */
export function format(text: string): Promise<string> {
  return formatWith(text, { parser: "repq", plugins: [plugin] });
}
