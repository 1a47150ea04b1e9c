import type { Chain, Expression, Step, Term } from "./ast.ts";

type Value = Expression | Chain;

/**
 * A value read as a chain, where a chain is meant: one bare call and a sum of bare calls in parentheses parse as expressions. Nothing for what
 * cannot be one.
 */
export function chainOfValue(value: Value): Chain | undefined {
  if (value.kind === "chain") return value;
  const step = stepOf(value);
  return step && { kind: "chain", steps: [step], span: value.span };
}

function stepOf(value: Expression): Step | undefined {
  const { span } = value;
  if (value.kind === "call") return { kind: "step", item: value, span };
  if (value.kind === "binary" && value.operator === "*") {
    const step = stepOf(value.left);
    return step && !step.repeat ? { ...step, repeat: value.right, span } : undefined;
  }
  if (value.kind !== "parenthesised-expression") return undefined;
  const terms = termsOf(value.inner, 1);
  return terms && { kind: "step", item: { kind: "group", terms, span }, span };
}

function termsOf(value: Expression, sign: 1 | -1): readonly Term[] | undefined {
  if (value.kind === "binary" && (value.operator === "+" || value.operator === "-")) {
    const left = termsOf(value.left, sign);
    const right = termsOf(value.right, value.operator === "+" ? 1 : -1);
    return left && right && [...left, ...right];
  }
  const chain = chainOfValue(value);
  return chain && [{ sign, chain, span: value.span }];
}
