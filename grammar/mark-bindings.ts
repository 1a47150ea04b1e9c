import type { IToken, TokenType } from "chevrotain";
import { endOf } from "./lexer.ts";
import * as t from "./tokens.ts";

const declarations = new Set([t.Kernel, t.Block, t.Model, t.Quant, t.Recipe]);
const statements = new Set([t.Input, t.Output, t.Require, t.RightBrace]);
const openers = new Set([t.LeftParen, t.LeftBracket]);
const closers = new Set([t.RightParen, t.RightBracket]);
/** What a statement may end with, and what opens the first. */
const ends = new Set(
  [
    [t.LeftBrace, t.RightParen, t.RightBracket, t.Name],
    [t.Int, t.Float, t.Size, t.True, t.False, t.Text, t.UnterminatedText],
  ].flat(),
);

/**
 * The same tokens, with the names that begin a binding of a model told from those of values and ops. To the parser alone they all look alike: it
 * would read the next line's name as the value that this line lacks, and after a mistake go on at any op.
 */
export function markBindings(text: string, tokens: readonly IToken[]): IToken[] {
  let declaration: TokenType | undefined;
  let isBody = false;
  let depth = 0;
  return tokens.map((token, index) => {
    const [before, next] = [tokens[index - 1], tokens[index + 1]];
    const type = token.tokenType;
    // Arguments may be called like any word of the language.
    const isLabel = next?.tokenType === t.Colon;
    const isFirst =
      before === undefined || text.slice(endOf(before), token.startOffset).includes("\n");
    if (declarations.has(type) && !isLabel && (isFirst || next?.tokenType === t.Name)) {
      [declaration, isBody, depth] = [type, false, 0];
    } else if (type === t.LeftBrace) [isBody, depth] = [declaration === t.Model, 0];
    else if (statements.has(type) && !isLabel) depth = 0;
    else if (openers.has(type)) depth += 1;
    else if (closers.has(type)) depth = Math.max(0, depth - 1);
    if (type !== t.Name || !isBody) return token;
    const isBound = next?.tokenType === t.Equals && (isFirst || depth === 0);
    const isAlone = depth === 0 && isStart(before, isFirst);
    if (!isBound && !isAlone) return token;
    depth = 0;
    return { ...token, tokenType: t.BindingName, tokenTypeIdx: t.BindingName.tokenTypeIdx! };
  });
}

/** Whether a statement begins here, though its `=` may be missing. */
function isStart(before: IToken | undefined, isFirst: boolean): boolean {
  if (before?.tokenType === t.LeftBrace) return true;
  return isFirst && before !== undefined && ends.has(before.tokenType);
}
