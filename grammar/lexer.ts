import { Lexer } from "chevrotain";
import type { ILexingError, IToken } from "chevrotain";
import { vocabulary } from "./tokens.ts";

export interface Tokens {
  readonly tokens: readonly IToken[];
  /** `//` and `///` lines, in order. */
  readonly comments: readonly IToken[];
  readonly errors: readonly ILexingError[];
}

let lexer: Lexer | undefined;

/** Splits a text into tokens and comments; never throws. */
export function tokenize(text: string): Tokens {
  lexer ??= new Lexer(vocabulary, {
    ensureOptimizations: true,
    positionTracking: "full",
    skipValidations: true,
  });
  const { tokens, groups, errors } = lexer.tokenize(text);
  return { tokens, comments: groups["comments"] ?? [], errors };
}

/** The offset just after a token. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}
