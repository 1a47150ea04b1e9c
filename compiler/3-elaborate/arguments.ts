import type { Arg, Call, Span } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import { sizeOfTaps, type FilterTaps } from "../algebra/filter-taps.ts";
import { enumerate, suggest } from "../diagnostics/index.ts";
import { limits } from "../limits.ts";
import type { Op, Param, ParamTypeName } from "../ops/index.ts";
import type { Environment } from "./context.ts";
import { convertSize } from "./convert-size.ts";
import { evaluate } from "./evaluate.ts";
import type { Value } from "./value.ts";
import { describe } from "./value.ts";

/** Values of the arguments a block hands down to its convolutions (rule S4). */
export type Inherited = Readonly<Record<string, Value>>;

/**
 * The arguments of an op by parameter name: positional ones in the order of its parameters, then labelled ones, then what is inherited, then
 * defaults.
 */
export function bindArguments(
  environment: Environment,
  call: Call,
  op: Op,
  inherited: Inherited = {},
): Readonly<Record<string, unknown>> {
  const given = matchArguments(environment, call, Object.keys(op.params), op.name);
  const result: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(op.params) as [string, Param<unknown>][]) {
    const arg = given.get(name);
    const handed = param.isInherited ? inherited[name] : undefined;
    if (arg)
      result[name] = convert(
        environment,
        param,
        name,
        evaluate(environment, arg.value),
        arg.value.span,
      );
    else if (handed !== undefined)
      result[name] = convert(environment, param, name, handed, call.span);
    else if (param.isOptional) result[name] = param.default;
    else
      environment.context.abandon("type/missing-argument", call.span, {
        owner: op.name,
        name,
        example: example[param.type],
      });
  }
  return result;
}

const example: Readonly<Record<ParamTypeName, string>> = {
  int: "2",
  float: "0.5",
  bool: "true",
  size: "3x3",
  filter: "SobelX",
};

/** Which parameter each argument belongs to; too many, doubled and unknown ones are reported. */
export function matchArguments(
  { context }: Pick<Environment, "context">,
  call: Call,
  names: readonly string[],
  owner: string,
  code: "name/unknown-argument" | "name/unknown-parameter" = "name/unknown-argument",
): ReadonlyMap<string, Arg> {
  const matched = new Map<string, Arg>();
  let position = 0;
  for (const arg of call.args ?? []) {
    context.countWork(arg.span, owner);
    const name = arg.label?.text ?? names[position++];
    if (name === undefined) {
      const many = `at most ${names.length} argument${names.length > 1 ? "s" : ""}`;
      return context.abandon("type/unexpected-argument", arg.span, {
        owner,
        limit: names.length === 0 ? "no arguments" : many,
        found: call.args?.length ?? 0,
      });
    }
    if (!names.includes(name)) {
      const hints = { suggestion: suggest(name, names), known: enumerate(names, "or") };
      const span = arg.label?.span ?? arg.span;
      context.abandon(code, span, { op: owner, owner, name, ...hints });
    }
    const earlier = matched.get(name);
    if (earlier) {
      const related = [{ span: earlier.span, label: "the first one" }];
      const help = "give it once";
      context.abandon("name/duplicate", arg.span, { kind: "arguments", name }, { related, help });
    }
    matched.set(name, arg);
  }
  return matched;
}

function convert(
  environment: Environment,
  param: Param<unknown>,
  what: string,
  value: Value,
  span: Span,
): unknown {
  const { context } = environment;
  const wrong = (expected: string): never =>
    context.abandon("type/mismatch", span, { what, expected, found: describe(value) });
  switch (param.type) {
    case "int":
    case "float":
      return convertNumber(environment, param, what, value, span);
    case "bool":
      return typeof value === "boolean" ? value : wrong("`true` or `false`");
    case "size":
      return convertSize(environment, what, value, span);
    case "filter":
      return typeof value === "object" && (value.kind === "table" || value.kind === "dct")
        ? checkedTaps(environment, value, span)
        : wrong("a declared `kernel`, or `dct(3x3)`");
  }
}

/** What to do about a fraction where a whole number is needed. */
function roundingHelp(value: Value, span: Span): { readonly help?: string } {
  const help = `round it: \`int(${textOf(span)})\` rounds towards zero`;
  return typeof value === "number" ? { help } : {};
}

const countsChannels: ReadonlySet<string> = new Set(["out", "groups", "multiplier", "times"]);

function convertNumber(
  { context }: Environment,
  { type, least }: Param<unknown>,
  what: string,
  value: Value,
  span: Span,
): number {
  const expected = type === "int" ? "a whole number" : "a number";
  if (typeof value !== "number" || (type === "int" && !Number.isInteger(value))) {
    const parameters = { what, expected, found: describe(value) };
    return context.abandon("type/mismatch", span, parameters, roundingHelp(value, span));
  }
  if (least !== undefined && value < least) {
    context.abandon("type/out-of-range", span, {
      what,
      expected: `at least ${least}`,
      found: value,
    });
  }
  if (type === "int" && value > limits.channels) {
    if (countsChannels.has(what))
      context.abandon("limit/channels", span, { found: value, limit: limits.channels });
    const expected = `at most ${limits.channels}`;
    context.abandon("type/out-of-range", span, { what, expected, found: value });
  }
  return value;
}

function checkedTaps({ context }: Environment, taps: FilterTaps, span: Span): FilterTaps {
  const { height, width } = sizeOfTaps(taps);
  // Every use carries its numbers into the graphs; a formula has at most as many tables as its cosines have periods.
  const tables = taps.kind === "dct" ? 2 * (height + width) : 1;
  if (Math.max(height, width) > limits.kernel) {
    context.abandon("limit/kernel", span, {
      found: `${height}x${width}`,
      limit: `${limits.kernel}x${limits.kernel}`,
    });
  }
  context.countWork(span, "filter", height * width * tables);
  return taps;
}
