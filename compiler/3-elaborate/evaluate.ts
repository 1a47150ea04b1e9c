import type { Call, Chain, Expression, List, Span } from "../../grammar/index.ts";
import { textOf } from "../../grammar/index.ts";
import { enumerate, suggest } from "../diagnostics/index.ts";
import type { Table } from "../algebra/kernel-algebra.ts";
import { opByName } from "../ops/index.ts";
import type { Environment } from "./context.ts";
import { convertSize } from "./convert-size.ts";
import type { Value } from "./value.ts";
import { describe } from "./value.ts";

/** The value of a compile-time expression; abandons the piece after a mistake. */
export function evaluate(environment: Environment, expression: Expression | Chain): Value {
  const { context } = environment;
  context.countWork(expression.span, environment.owner);
  switch (expression.kind) {
    case "number":
    case "string":
    case "boolean":
      return expression.value;
    case "size":
      return { kind: "size", height: expression.height, width: expression.width };
    case "parenthesised-expression":
      return evaluate(environment, expression.inner);
    case "list":
      return { kind: "list", items: expression.items.map((item) => evaluate(environment, item)) };
    case "not":
      return !evaluateBoolean(environment, expression.operand);
    case "binary":
      return evaluateBinary(environment, expression);
    case "call":
      return evaluateCall(environment, expression);
    case "chain":
      return context.abandon("type/mismatch", expression.span, {
        what: "this",
        expected: "a value",
        found: "a chain",
      });
  }
}

/** @param what the setting that this is, for messages; the expression itself unless told */
export function evaluateBoolean(
  environment: Environment,
  expression: Expression | Chain,
  what?: string,
): boolean {
  const value = evaluate(environment, expression);
  if (typeof value === "boolean") return value;
  const expected = what === undefined ? "a condition, true or false" : "true or false";
  return mismatch(environment, expression, expected, value, what);
}

/** @param what as for conditions */
export function evaluateNumber(
  environment: Environment,
  expression: Expression | Chain,
  what?: string,
): number {
  const value = evaluate(environment, expression);
  if (typeof value === "number") return value;
  return mismatch(environment, expression, "a number", value, what);
}

/** A whole number from 1 to `limit`. */
export function evaluateCount(
  environment: Environment,
  expression: Expression | Chain,
  limit: number,
  code: "limit/repeat" | "limit/channels" = "limit/repeat",
  what?: string,
): number {
  const value = evaluateNumber(environment, expression, what);
  if (value > limit) environment.context.abandon(code, expression.span, { found: value, limit });
  if (!Number.isInteger(value) || value < 1)
    mismatch(environment, expression, "a whole number of at least 1", value, what);
  return value;
}

function mismatch(
  environment: Environment,
  expression: Expression | Chain,
  expected: string,
  value: Value,
  what = textOf(expression.span),
): never {
  const parameters = { what, expected, found: describe(value) };
  return environment.context.abandon("type/mismatch", expression.span, parameters);
}

type Binary = Expression & { readonly kind: "binary" };

function evaluateBinary(environment: Environment, expression: Binary): Value {
  const { operator, left, right } = expression;
  if (operator === "or")
    return evaluateBoolean(environment, left) || evaluateBoolean(environment, right);
  if (operator === "and")
    return evaluateBoolean(environment, left) && evaluateBoolean(environment, right);
  if (operator === "==" || operator === "!=") {
    const isEqual =
      identity(evaluate(environment, left)) === identity(evaluate(environment, right));
    return isEqual === (operator === "==");
  }
  const a = evaluateNumber(environment, left);
  const b = evaluateNumber(environment, right);
  if ((operator === "/" || operator === "%") && b === 0) {
    environment.context.abandon("type/division-by-zero", right.span, {
      expression: textOf(expression.span),
    });
  }
  return finite(environment, expression, arithmetic[operator](a, b));
}

/** Numbers overflow to infinity, and infinity to what is no number; nothing may go on with either. */
function finite(environment: Environment, expression: Expression, value: Value): Value {
  if (typeof value !== "number" || Number.isFinite(value)) return value;
  return environment.context.abandon("type/out-of-range", expression.span, {
    what: textOf(expression.span),
    expected: "a number below 1.8e308",
    found: "beyond it",
  });
}

/** Equal for equal values, and only for them. */
function identity(value: Value): string {
  if (typeof value !== "object" || value.kind === "size") return JSON.stringify(value);
  return value.kind === "activation" ? (value.use?.op.name ?? "none") : JSON.stringify(value);
}

const arithmetic: Readonly<
  Record<Exclude<Binary["operator"], "or" | "and" | "==" | "!=">, (a: number, b: number) => Value>
> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "%": (a, b) => a - b * Math.floor(a / b),
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  by: (height, width) => ({ kind: "size", height, width }),
};

/** Functions of one number, and those that fold any number of them. */
const unary: Readonly<Record<string, (x: number) => number>> = {
  int: Math.trunc,
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
};
const folds: Readonly<Record<string, (a: number, b: number) => number>> = {
  min: Math.min,
  max: Math.max,
};

function evaluateCall(environment: Environment, call: Call): Value {
  const { values, scope } = environment;
  const { text } = call.name;
  const value = values.get(text);
  if (value !== undefined) return value;
  const declaration = scope.get(text)?.declaration;
  if (declaration?.kind === "kernel") {
    if (environment.context.session.isBroken(declaration)) throw environment.context.abandoned();
    const { name, table } = declaration;
    return { kind: "table", table: evaluateTable(environment, name.text, table) };
  }
  if (text === "none") return { kind: "activation", use: undefined };
  const op = opByName.get(text);
  if (op?.kind === "map") return { kind: "activation", use: { op, call, environment } };
  return evaluateFunction(environment, call);
}

function evaluateFunction(environment: Environment, call: Call): Value {
  const { context } = environment;
  const { text } = call.name;
  if (text === "dct") return evaluateCosines(environment, call);
  const [one, fold] = [unary[text], folds[text]];
  if (!one && !fold) return notHere(environment, call);
  const numbers = (call.args ?? []).map((arg) => evaluateNumber(environment, arg.value));
  const [first, ...others] = numbers;
  if (first === undefined)
    return context.abandon("type/missing-argument", call.span, {
      owner: text,
      name: "x",
      example: "x",
    });
  if (fold) return others.reduce((a, b) => fold(a, b), first);
  if (others.length > 0) {
    const parameters = { owner: text, limit: "one argument", found: numbers.length };
    context.abandon("type/unexpected-argument", call.span, parameters);
  }
  return one ? one(first) : first;
}

/** `dct(3x3)`: the taps of a filter by formula. */
function evaluateCosines(environment: Environment, call: Call): Value {
  const { context } = environment;
  const [size, surplus] = call.args ?? [];
  if (!size) {
    const parameters = { owner: "dct", name: "size", example: "3x3" };
    return context.abandon("type/missing-argument", call.span, parameters);
  }
  if (surplus) {
    const parameters = { owner: "dct", limit: "one argument", found: call.args?.length ?? 0 };
    context.abandon("type/unexpected-argument", surplus.span, parameters);
  }
  const value = evaluate(environment, size.value);
  return { kind: "dct", size: convertSize(environment, "size", value, size.value.span) };
}

/** A name that has no value in this place. */
function notHere({ context, owner, scope, values }: Environment, { name, span }: Call): never {
  const { text } = name;
  if (scope.lost.has(text)) throw context.abandoned();
  if (text === "in" || text === "out")
    return context.abandon("type/not-constant", span, {
      what: "this expression",
      name: text,
      owner,
    });
  const known = [...values.keys()];
  const hints = { suggestion: suggest(text, known), known: enumerate(known, "or") };
  return context.abandon("name/unknown-name", name.span, { name: text, ...hints });
}

/** The numbers of a declared kernel; rows of one length, all finite. Read with no names but those of its file. */
export function evaluateTable(caller: Environment, name: string, list: List): Table {
  const { context } = caller;
  const known = context.tables.get(list);
  if (known) return known;
  const environment = { ...caller, values: new Map<string, Value>(), owner: name };
  const fail = (span: Span, problem: string): never =>
    context.abandon("type/not-a-table", span, { name, problem });
  const rows = list.items.map((row) => {
    if (row.kind !== "list") return fail(row.span, "not a row");
    return row.items.map((item) => {
      const value = evaluate(environment, item);
      return typeof value === "number" ? value : fail(item.span, "not a number");
    });
  });
  const width = rows[0]?.length ?? 0;
  if (width === 0) fail(list.span, "empty");
  rows.forEach((row, index) => {
    const span = list.items[index]?.span ?? list.span;
    if (row.length !== width) fail(span, `${row.length} numbers, where the first row has ${width}`);
  });
  context.tables.set(list, rows);
  return rows;
}
