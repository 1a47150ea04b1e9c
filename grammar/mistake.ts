import type { IRecognitionException, IToken } from "chevrotain";
import { endOf } from "./lexer.ts";
import type { Source, Span } from "./source.ts";
import type { SyntaxProblem } from "./syntax-problem.ts";
import * as t from "./tokens.ts";

/** What surrounds a parser error. */
export interface Surroundings {
  readonly source: Source;
  readonly tokens: readonly IToken[];
  /** Problems found before parsing. */
  readonly lexical: readonly SyntaxProblem[];
}

/** A parser error seen where it happened. */
export interface Mistake extends Surroundings {
  /** Names of the token types that could have stood here. */
  readonly expected: readonly string[];
  /** The token that stands here; none at the end of the text. */
  readonly actual: IToken | undefined;
  /** Where `actual` stands among the tokens. */
  readonly index: number;
  /** The production that was being read. */
  readonly rule: string;
  /** The production around it. */
  readonly owner: string;
}

export function toMistake(error: IRecognitionException, around: Surroundings): Mistake {
  const at = error.token.startOffset;
  const index = Number.isNaN(at) ? around.tokens.length : indexOf(around.tokens, at);
  const expected = error.message.split(" ");
  const [owner = "", rule = ""] = ["", ...error.context.ruleStack].slice(-2);
  return { ...around, expected, actual: around.tokens[index], index, rule, owner };
}

/** The index of the first token at or after an offset. */
function indexOf(tokens: readonly IToken[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.startOffset < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text of the token at an index; just behind the last token at the end of the text; nothing before the first. */
export function spanAt({ source, tokens }: Surroundings, index: number): Span {
  const token = tokens[index];
  if (token !== undefined) return { source, start: token.startOffset, end: endOf(token) };
  if (index < 0) return { source, start: 0, end: 0 };
  const last = tokens.at(-1);
  const end = last === undefined ? source.text.length : endOf(last);
  return { source, start: end, end };
}

/** Whether two neighbouring tokens stand on one line. */
export function isSameLine(
  { source, tokens }: Surroundings,
  first: number,
  second: number,
): boolean {
  const [one, other] = [tokens[first], tokens[second]];
  if (one === undefined || other === undefined) return false;
  return !source.text.slice(endOf(one), other.startOffset).includes("\n");
}

const pairs = new Map([
  [t.RightParen, t.LeftParen],
  [t.RightBracket, t.LeftBracket],
  [t.RightBrace, t.LeftBrace],
]);
const openers = new Set(pairs.values());

/** The index of the innermost bracket still open before an index. */
export function openerBefore({ tokens }: Surroundings, index: number): number | undefined {
  let closed = 0;
  for (let at = index - 1; at >= 0; at--) {
    const type = tokens[at]!.tokenType;
    if (pairs.has(type)) closed += 1;
    else if (openers.has(type) && closed === 0) return at;
    else if (openers.has(type)) closed -= 1;
  }
  return undefined;
}
