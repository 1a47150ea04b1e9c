import type { IToken } from "chevrotain";
import * as t from "./tokens.ts";

/** How deep brackets and operators may nest. A level of parentheses is some fifty frames of the parser: the stack holds about 160. */
export const DEPTH_LIMIT = 64;

interface Scan {
  /** First tokens of argument and setting values with a `->` of their own: those values are chains. */
  readonly chainStarts: ReadonlySet<IToken>;
  /** The first token that nests too deep, if any. */
  readonly tooDeep: IToken | undefined;
}

/** One open bracket, or the file itself. */
interface Frame {
  /** Parentheses that only group hand their arrows on to the value around them. */
  readonly isGroup: boolean;
  /** First token of the value being read, where a value may be a chain. */
  valueStart: IToken | undefined;
  /** Height of the tree that the operators and brackets of the present value, or of its present step, make. */
  height: number;
  /** Largest height of the steps before it. */
  settled: number;
}

const openers = new Set([t.LeftParen, t.LeftBracket, t.LeftBrace]);
const closers = new Set([t.RightParen, t.RightBracket, t.RightBrace]);
const operators = new Set([t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.And, t.Or]);
const statementStarts = new Set(
  [
    [t.Branch, t.Then, t.When, t.Require, t.Input, t.Output, t.At],
    [t.Kernel, t.Block, t.Model, t.Quant, t.Recipe, t.Import],
  ].flat(),
);

/**
 * Walks the tokens once, before parsing: tells chains from expressions (no fixed lookahead can: `(a + b)` and `(a + b -> c)` part at the
 * arrow) and finds nesting that is too deep. Linear in the number of tokens.
 */
export function scan(tokens: readonly IToken[]): Scan {
  const chainStarts = new Set<IToken>();
  const frames: Frame[] = [{ isGroup: false, valueStart: undefined, height: 0, settled: 0 }];
  for (const [index, token] of tokens.entries()) {
    const frame = frames.at(-1)!;
    const next = tokens[index + 1];
    if (openers.has(token.tokenType)) frames.push(open(token, tokens[index - 1], next));
    else if (closers.has(token.tokenType)) close(frames);
    else if (token.tokenType === t.Flows) {
      markChain(frames, chainStarts);
      settle(frame);
    } else step(frame, token, next);
    if (frames.length + frames.at(-1)!.height > DEPTH_LIMIT) return { chainStarts, tooDeep: token };
  }
  return { chainStarts, tooDeep: undefined };
}

function open(token: IToken, before: IToken | undefined, next: IToken | undefined): Frame {
  const isArguments = before?.tokenType === t.Name && token.tokenType === t.LeftParen;
  return {
    isGroup: token.tokenType === t.LeftParen && !isArguments,
    valueStart: isArguments ? next : undefined,
    height: 0,
    settled: 0,
  };
}

function close(frames: Frame[]): void {
  if (frames.length === 1) return;
  const closed = frames.pop()!;
  const around = frames.at(-1)!;
  around.height = Math.max(around.height, closed.settled + 1, closed.height + 1);
}

/** Steps stand side by side: an operator of one makes the next no deeper. */
function settle(frame: Frame): void {
  frame.settled = Math.max(frame.settled, frame.height);
  frame.height = 0;
}

function markChain(frames: readonly Frame[], chainStarts: Set<IToken>): void {
  for (let depth = frames.length - 1; depth >= 0; depth--) {
    const frame = frames[depth]!;
    if (!frame.isGroup) {
      if (frame.valueStart !== undefined) chainStarts.add(frame.valueStart);
      return;
    }
  }
}

function step(frame: Frame, token: IToken, next: IToken | undefined): void {
  const type = token.tokenType;
  if (operators.has(type)) frame.height += 1;
  else if (type === t.Comma || type === t.Colon) {
    frame.valueStart = next;
    frame.height = 0;
  } else if (type === t.Equals || statementStarts.has(type)) {
    frame.valueStart = undefined;
    frame.height = 0;
  }
}
