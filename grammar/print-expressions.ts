import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import type { Doc, Layout } from "./layout.ts";
import { quote } from "./strings.ts";

const { group, ifBreak, indent, join, line, softline } = builders;

/** How tightly each operator binds. */
const tightness: Record<ast.BinaryOperator, number> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  "<": 4,
  "<=": 4,
  ">": 4,
  ">=": 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
  by: 7,
};
const NOT = 3;
const PRIMARY = 8;

/** Levels whose operators may not be chained: `a < b < c`, `3 by 3 by 3`. */
const unchained = new Set([tightness["=="], tightness.by]);

function tightnessOf(expression: ast.Expression): number {
  if (expression.kind === "binary") return tightness[expression.operator];
  return expression.kind === "not" ? NOT : PRIMARY;
}

type Binary = Extract<ast.Expression, { kind: "binary" }>;

export function valueDoc(layout: Layout, value: ast.Expression | ast.Chain): Doc {
  return value.kind === "chain" ? group(chainDoc(layout, value)) : expressionDoc(layout, value);
}

export function expressionDoc(layout: Layout, expression: ast.Expression): Doc {
  return expression.kind === "binary" || expression.kind === "not"
    ? group(indent(operandDoc(layout, expression, 0)))
    : primaryDoc(layout, expression);
}

/** An operand, in parentheses where it binds less tightly than its place demands. */
function operandDoc(layout: Layout, expression: ast.Expression, least: number): Doc {
  const own = tightnessOf(expression);
  if (own < least) return ["(", expressionDoc(layout, expression), ")"];
  if (expression.kind === "not") return ["not ", operandDoc(layout, expression.operand, NOT + 1)];
  if (expression.kind !== "binary") return primaryDoc(layout, expression);
  return group(binaryDoc(layout, expression));
}

/** Operators of one level break together. */
function binaryDoc(layout: Layout, { operator, left, right }: Binary): Doc {
  const own = tightness[operator];
  const isRun = left.kind === "binary" && tightnessOf(left) === own && !unchained.has(own);
  const first = isRun
    ? binaryDoc(layout, left)
    : operandDoc(layout, left, unchained.has(own) ? own + 1 : own);
  return [first, " ", operator, line, operandDoc(layout, right, own + 1)];
}

function primaryDoc(layout: Layout, expression: ast.Expression): Doc {
  switch (expression.kind) {
    case "number":
      return layout.literal(expression.span, numberText(expression));
    case "size":
      return layout.literal(expression.span, `${expression.height}x${expression.width}`);
    case "string":
      return layout.literal(expression.span, quote(expression.value));
    case "boolean":
      return String(expression.value);
    case "call":
      return callDoc(layout, expression);
    case "list":
      return listDoc(layout, expression);
    case "parenthesised-expression":
      return group([
        "(",
        indent([softline, expressionDoc(layout, expression.inner)]),
        softline,
        ")",
      ]);
    default:
      return expressionDoc(layout, expression);
  }
}

/** A number of which it is not known whether a point was written. */
function boundText(value: number): string {
  return numberText({ value, isInteger: Number.isSafeInteger(value) });
}

function numberText({ value, isInteger }: { value: number; isInteger: boolean }): string {
  const text = Object.is(value, -0) ? "-0" : String(value);
  return isInteger || /[.e]/.test(text) ? text : `${text}.0`;
}

export function listDoc(layout: Layout, list: ast.List): Doc {
  const items = list.items.map((item) => expressionDoc(layout, item));
  return bracketed("[", items, "]");
}

/** Items between brackets, on one line if they fit, else one a line with a comma after the last. */
export function bracketed(open: string, items: readonly Doc[], close: string): Doc {
  if (items.length === 0) return [open, close];
  const inner = join([",", line], [...items]);
  return group([open, indent([softline, inner]), ifBreak(","), softline, close]);
}

export function callDoc(layout: Layout, call: ast.Call): Doc {
  if (call.args === undefined) return call.name.text;
  const args = call.args.map(({ label, value }) => [
    label === undefined ? "" : `${label.text}: `,
    valueDoc(layout, value),
  ]);
  return [call.name.text, bracketed("(", args, ")")];
}

/** A chain whose arrows start new lines when the group around it breaks. */
export function chainDoc(layout: Layout, { steps }: ast.Chain): Doc {
  const [first = "", ...others] = steps.map((step) => stepDoc(layout, step));
  return [first, indent(others.map((step) => [line, "-> ", step]))];
}

function stepDoc(layout: Layout, { item, repeat }: ast.Step): Doc {
  const doc = item.kind === "call" ? callDoc(layout, item) : groupDoc(layout, item);
  return repeat === undefined ? doc : [doc, " * ", operandDoc(layout, repeat, PRIMARY)];
}

function groupDoc(layout: Layout, { terms }: ast.Group): Doc {
  const docs = terms.map(({ sign, chain }, index) => {
    const operator = sign === 1 ? "+ " : "- ";
    return [index === 0 ? "" : [line, operator], group(chainDoc(layout, chain))];
  });
  return group(["(", indent([softline, docs]), softline, ")"]);
}

/** A flow whose arrows start new lines when the group around it breaks. */
export function flowDoc(layout: Layout, { sources, steps }: ast.Flow): Doc {
  const sum = join(
    [line, "+ "],
    sources.map((source) => sourceDoc(layout, source)),
  );
  const arrows = steps.map((step) => [line, "-> ", stepDoc(layout, step)]);
  return [group(indent(sum)), indent(arrows)];
}

function sourceDoc(layout: Layout, source: ast.FlowSource): Doc {
  if (source.kind === "reference") return source.name.text;
  return group(["(", indent([softline, flowDoc(layout, source.flow)]), softline, ")"]);
}

export function typeDoc(layout: Layout, { alternatives }: ast.Type): Doc {
  const atoms = alternatives.map((atom) => {
    if (atom.kind === "typeName") return atom.name.text;
    const ends = atom.kind === "typeRange" ? [atom.low, atom.high] : [atom.value];
    return layout.literal(atom.span, ends.map(boundText).join(".."));
  });
  return atoms.join(" | ");
}

export function selectorDoc(layout: Layout, { segments }: ast.Selector): Doc {
  return join(
    ".",
    segments.map((segment) => segmentDoc(layout, segment)),
  );
}

function segmentDoc(layout: Layout, segment: ast.Segment): Doc {
  switch (segment.kind) {
    case "index":
      return layout.literal(segment.span, String(segment.value));
    case "any":
      return "*";
    case "anyDepth":
      return "**";
    case "call":
      return callDoc(layout, segment);
  }
}
