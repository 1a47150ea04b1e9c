import type { Arg, Chain, Expression } from "../../grammar/index.ts";
import type { Options } from "../ir/index.ts";
import type { OptionRule } from "../quantizer-names.ts";
import type { Environment } from "./context.ts";
import { evaluateNumber } from "./evaluate.ts";
import { readWord } from "./settings.ts";

/**
 * The options of a quantizer or a statistics mode, as its rules have them. What says no more than the default is left out; a share has its
 * default written down, for who computes with it has no other.
 */
export function readOptions(
  environment: Environment,
  given: ReadonlyMap<string, Arg>,
  rules: Readonly<Record<string, OptionRule>>,
): Options {
  const options: Record<string, number | string | boolean> = {};
  for (const [name, rule] of Object.entries(rules)) {
    const arg = given.get(name);
    const value = arg ? readOption(environment, name, arg.value, rule) : undefined;
    if (value !== undefined && value !== silentValue(rule)) options[name] = value;
    else if (rule.kind === "share" && rule.default !== undefined) options[name] = rule.default;
  }
  return options;
}

function silentValue(rule: OptionRule): string | boolean | undefined {
  if (rule.kind === "word") return rule.words[0];
  return rule.kind === "flag" ? rule.default : undefined;
}

function readOption(
  environment: Environment,
  name: string,
  value: Expression | Chain,
  rule: OptionRule,
): number | string | boolean {
  switch (rule.kind) {
    case "word":
      return readWord(environment, value, name, rule.words);
    case "flag":
      return readWord(environment, value, name, ["true", "false"]) === "true";
    case "share":
      return readNumber(environment, name, value, {
        fits: (found) => found > 0 && found <= 1,
        expected: `above 0 and at most 1, a share ${rule.of}`,
      });
    case "count":
      return readNumber(environment, name, value, {
        fits: (found) => Number.isInteger(found) && found >= rule.least && found <= rule.most,
        expected: `a whole number from ${rule.least} to ${rule.most}`,
      });
  }
}

function readNumber(
  environment: Environment,
  what: string,
  value: Expression | Chain,
  { fits, expected }: { readonly fits: (found: number) => boolean; readonly expected: string },
): number {
  const found = evaluateNumber(environment, value, what);
  if (fits(found)) return found;
  return environment.context.abandon("type/out-of-range", value.span, { what, expected, found });
}
