import type { IParserErrorMessageProvider, TokenType } from "chevrotain";

/** More problems than this in one file help nobody. */
export const PROBLEM_LIMIT = 100;

/** Thrown out of the parser to end it; caught by parse.ts. */
export class TooManyProblems extends Error {}

/**
 * Makes the parser's messages the names of the token types that could have stood there, separated by spaces: the sentences for people
 * are written in syntax-errors.ts, where the text around is at hand.
 */
export class ExpectedTokens implements IParserErrorMessageProvider {
  #count = 0;

  /** To be called before each parse. */
  restart(): void {
    this.#count = 0;
  }

  buildMismatchTokenMessage({ expected }: { expected: TokenType }): string {
    return this.#names([expected]);
  }

  buildNotAllInputParsedMessage(): string {
    return this.#names([{ name: "EOF" }]);
  }

  buildNoViableAltMessage({
    expectedPathsPerAlt,
  }: {
    expectedPathsPerAlt: TokenType[][][];
  }): string {
    return this.#names(expectedPathsPerAlt.flat().flatMap((path) => path.slice(0, 1)));
  }

  buildEarlyExitMessage({
    expectedIterationPaths,
  }: {
    expectedIterationPaths: TokenType[][];
  }): string {
    return this.#names(expectedIterationPaths.flatMap((path) => path.slice(0, 1)));
  }

  #names(types: readonly TokenType[]): string {
    this.#count += 1;
    if (this.#count > PROBLEM_LIMIT) throw new TooManyProblems();
    return [...new Set(types.map(({ name }) => name))].join(" ");
  }
}
