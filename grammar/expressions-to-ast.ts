import type { CstNode, IToken } from "chevrotain";
import type * as ast from "./ast.ts";
import { node, nodes, spanOf, token, tokens, tokenSpan } from "./cst.ts";
import type { Reading } from "./cst.ts";
import { cover } from "./source.ts";
import type { Span } from "./source.ts";
import { unescape } from "./strings.ts";

/** A name; its text is empty where recovery found none (a problem says so). */
export function toName(reading: Reading, at: IToken | undefined, missing: Span): ast.Name {
  if (at === undefined) return { span: { ...missing, end: missing.start }, text: "" };
  return { span: tokenSpan(reading.source, at), text: at.image };
}

export function toString(
  reading: Reading,
  at: IToken | undefined,
  missing: Span,
): ast.StringLiteral {
  if (at === undefined) return { kind: "string", span: missing, value: "" };
  return { kind: "string", span: tokenSpan(reading.source, at), value: unescape(at.image) };
}

export function toChain(reading: Reading, cst: CstNode | undefined): ast.Chain {
  const span = spanOf(reading.source, cst);
  return { kind: "chain", span, steps: nodes(cst, "step").map((step) => toStep(reading, step)) };
}

export function toStep(reading: Reading, cst: CstNode): ast.Step {
  const group = node(cst, "group");
  const repeat = node(cst, "primary");
  return {
    kind: "step",
    span: spanOf(reading.source, cst),
    item: group === undefined ? toCall(reading, node(cst, "call")) : toGroup(reading, group),
    ...(repeat === undefined ? {} : { repeat: toExpression(reading, repeat) }),
  };
}

function toGroup(reading: Reading, cst: CstNode): ast.Group {
  const signs = tokens(cst, "sign");
  const terms = nodes(cst, "chain").map((chain, index): ast.Term => {
    const sign = signs[index - 1]?.image === "-" ? -1 : 1;
    return { span: spanOf(reading.source, chain), sign, chain: toChain(reading, chain) };
  });
  return { kind: "group", span: spanOf(reading.source, cst), terms };
}

/** Of a production with a name, or any word, and perhaps arguments. */
export function toCall(reading: Reading, cst: CstNode | undefined): ast.Call {
  const span = spanOf(reading.source, cst);
  const name = toName(reading, token(cst, "Name") ?? token(cst, "Word"), span);
  const args = node(cst, "args");
  if (args === undefined) return { kind: "call", span, name };
  return { kind: "call", span, name, args: nodes(args, "arg").map((arg) => toArg(reading, arg)) };
}

function toArg(reading: Reading, cst: CstNode): ast.Arg {
  const span = spanOf(reading.source, cst);
  const label = token(cst, "Word");
  return {
    kind: "arg",
    span,
    ...(label === undefined ? {} : { label: toName(reading, label, span) }),
    value: toValue(reading, cst),
  };
}

/** The chain or expression of an argument or a setting. */
export function toValue(reading: Reading, cst: CstNode): ast.Expression | ast.Chain {
  const chain = node(cst, "chain");
  return chain === undefined ? toExpression(reading, node(cst, "expr")) : toChain(reading, chain);
}

/** The operands of each level of precedence, from the loosest to the tightest. */
const levels = new Map([
  ["expr", "and"],
  ["and", "not"],
  ["compare", "add"],
  ["add", "mul"],
  ["mul", "size"],
  ["size", "primary"],
]);

export function toExpression(reading: Reading, cst: CstNode | undefined): ast.Expression {
  if (cst?.name === "not") return toNot(reading, cst);
  const operands = levels.get(cst?.name ?? "");
  if (cst === undefined || operands === undefined) return toPrimary(reading, cst);
  const signs = tokens(cst, "operator");
  const [first, ...others] = nodes(cst, operands).map((operand) => toExpression(reading, operand));
  if (first === undefined) return toPrimary(reading, undefined);
  return others.reduce((left, right, index): ast.Expression => {
    const operator = (signs[index]?.image ?? "+") as ast.BinaryOperator;
    return { kind: "binary", span: cover(left.span, right.span), operator, left, right };
  }, first);
}

function toNot(reading: Reading, cst: CstNode): ast.Expression {
  const operand = toExpression(reading, node(cst, "compare"));
  if (token(cst, "Not") === undefined) return operand;
  return { kind: "not", span: spanOf(reading.source, cst), operand };
}

function toPrimary(reading: Reading, cst: CstNode | undefined): ast.Expression {
  const span = spanOf(reading.source, cst);
  const size = token(cst, "Size");
  if (size !== undefined) return toSize(reading, size, span);
  const text = token(cst, "Text");
  if (text !== undefined) return toString(reading, text, span);
  if (token(cst, "True") !== undefined) return { kind: "boolean", span, value: true };
  if (token(cst, "False") !== undefined) return { kind: "boolean", span, value: false };
  const number = node(cst, "number");
  if (number !== undefined) return toNumber(reading, number);
  const list = node(cst, "list");
  if (list !== undefined) return toList(reading, list);
  const inner = node(cst, "parenthesised");
  if (inner === undefined) return toCall(reading, node(cst, "call"));
  const expression = toExpression(reading, node(inner, "expr"));
  return { kind: "parenthesised-expression", span, inner: expression };
}

function toSize(reading: Reading, at: IToken, span: Span): ast.Expression {
  const [height = 0, width = 0] = at.image.split("x").map(Number);
  if (!isRepresentable(height) || !isRepresentable(width))
    reading.report(at, "number-out-of-range");
  return { kind: "size", span, height, width };
}

export function toNumber(
  reading: Reading,
  cst: CstNode | undefined,
): Extract<ast.Expression, { kind: "number" }> {
  const digits = token(cst, "Int") ?? token(cst, "Float");
  const isInteger = token(cst, "Float") === undefined;
  const magnitude = Number(digits?.image ?? 0);
  const isFine = isInteger ? isRepresentable(magnitude) : Number.isFinite(magnitude);
  if (digits !== undefined && !isFine) reading.report(digits, "number-out-of-range");
  const value = token(cst, "Minus") === undefined ? magnitude : -magnitude;
  return { kind: "number", span: spanOf(reading.source, cst), value, isInteger };
}

/** Whether an integer is exact as a number. */
function isRepresentable(value: number): boolean {
  return value <= Number.MAX_SAFE_INTEGER;
}

export function toList(reading: Reading, cst: CstNode | undefined): ast.List {
  const items = nodes(cst, "expr").map((item) => toExpression(reading, item));
  return { kind: "list", span: spanOf(reading.source, cst), items };
}
