import type { IToken } from "chevrotain";
import { flowsAbove } from "./flows-above.ts";
import { isSameLine, spanAt, type Mistake } from "./mistake.ts";
import { adviseSource } from "./phrases.ts";
import type { Explanation } from "./syntax-problem.ts";

const beginsFlow = ["Equals", "Plus", "Output"];

/** An op where a flow begins, which was read as the name of another: `output conv(3x3)`. */
export function explainMissingSource(mistake: Mistake): Explanation | undefined {
  const { rule, expected, actual, tokens, index } = mistake;
  const [before, op] = [tokens[index - 2], tokens[index - 1]];
  if (rule !== "model" || !expected.includes("RightBrace") || actual?.image !== "(")
    return undefined;
  const isFirst = beginsFlow.includes(before?.tokenType.name ?? "");
  if (!isFirst || op?.tokenType.name !== "Name" || !isSameLine(mistake, index - 1, index))
    return undefined;
  return {
    code: "syntax/missing-source",
    span: spanAt(mistake, index - 1),
    message: `nothing flows into \`${op.image}\``,
    help: adviseSource(...sourceAndOp(mistake), isSigned(before) || isSigned(tokens[index + 3])),
  };
}

/** Of `relu(y)` where `y` is a flow it is `y` that was meant. */
function sourceAndOp(mistake: Mistake): [source: string, op: string] {
  const [op, , argument, closer] = mistake.tokens.slice(mistake.index - 1, mistake.index + 3);
  const known = flowsAbove(mistake);
  const name = op?.image ?? "";
  const isFlow = closer?.image === ")" && known.includes(argument?.image ?? "");
  return isFlow ? [argument?.image ?? "", name] : [known[0] ?? "x", `${name}(...)`];
}

function isSigned(token: IToken | undefined): boolean {
  return token?.image === "+" || token?.image === "-";
}

/** A sum where only one chain may stand: `branch a = b + c -> d`. */
export function explainBareSum(mistake: Mistake): Explanation | undefined {
  const { rule, expected, actual, tokens, index } = mistake;
  const sign = actual?.image ?? "";
  const isSum = (rule === "block" || rule === "model") && (sign === "+" || sign === "-");
  const before = tokens[index - 1]?.tokenType.name ?? "";
  if (!isSum || !expected.includes("RightBrace") || !["Name", "RightParen", "Int"].includes(before))
    return undefined;
  const help =
    rule === "model"
      ? adviseFlows(sign)
      : `write \`(a ${sign} b) -> c\`, or \`(a -> b ${sign} c -> d)\` where whole chains are meant`;
  const place = rule === "model" ? "behind `->`" : "in a branch";
  const message = `a sum ${place} needs parentheses`;
  return { code: "syntax/bare-sum", message, help };
}

/** Two flows can be added, and no more than that. */
function adviseFlows(sign: string): string {
  return sign === "+"
    ? "write `x -> (a + b)` to add what two ops make of `x`, or `(x -> a) + y` to add two flows"
    : "write `x -> (a - b)` to subtract what two ops make of `x`; flows are only added";
}
