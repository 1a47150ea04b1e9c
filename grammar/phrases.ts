import type { Mistake } from "./mistake.ts";
import { vocabulary } from "./tokens.ts";

/** Brackets by the name of the token that closes them. */
export const closers = new Map([
  ["RightParen", ")"],
  ["RightBracket", "]"],
  ["RightBrace", "}"],
]);

const labels = new Map(vocabulary.map(({ name, LABEL }) => [name, LABEL ?? name]));
const listRules = new Set(["args", "params", "list", "import"]);

/** What stands where these productions begin. */
const phrases = new Map([
  ["chain", "an operation"],
  ["step", "an operation"],
  ["sum", "the name of a value"],
  ["source", "the name of a value"],
  ["type", "a type"],
  ["typeAtom", "a type"],
  ["selector", "a selector"],
  ["segment", "a selector"],
  ["segmentOrIndex", "a selector"],
]);

export function describeExpected({ expected, rule }: Mistake): string[] {
  if (expected.includes("Size")) return ["a value"];
  const isNamed = expected.includes("Name") || expected.includes("Word");
  const phrase = isNamed ? phrases.get(rule) : undefined;
  if (phrase !== undefined) return [phrase];
  const isListEnd = listRules.has(rule) && expected.length === 1 && closers.has(expected[0]!);
  const names = expected.map((name) => labels.get(name) ?? "the end of the text");
  return [...new Set(isListEnd ? ["`,`", ...names] : names)];
}

export function found({ actual }: Mistake): string {
  return actual === undefined ? "the end of the text" : `\`${actual.image}\``;
}

export function quoted(words: readonly string[]): string[] {
  return words.map((word) => `\`${word}\``);
}

export function either(options: readonly string[]): string {
  const last = options.at(-1) ?? "";
  return options.length < 2 ? last : `${options.slice(0, -1).join(", ")} or ${last}`;
}

/**
 * What to write where nothing flows into an op.
 * @param op as far as it is known: `relu`, `conv(...)`
 * @param isTerm of a sum, which binds tighter than `->`
 */
export function adviseSource(source: string, op: string, isTerm: boolean): string {
  const flow = `${source} -> ${op}`;
  return `write what flows into it before it: \`${isTerm ? `(${flow})` : flow}\``;
}

export function article(rule: string): string {
  return rule === "at" ? "an `at`" : `a ${rule}`;
}
