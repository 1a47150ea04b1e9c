/** The door of the grammar: text to syntax tree and back. Knows nothing of convolutions. */
export type * from "./ast.ts";
export { chainOfValue } from "./chain-of-value.ts";
export { didYouMean } from "./did-you-mean.ts";
export { DEPTH_LIMIT } from "./scan.ts";
export { adviseSource } from "./phrases.ts";
export { LENGTH_LIMIT, parse, parseCall } from "./parse.ts";
export type { ParsedCall, ParsedFile } from "./parse.ts";
export { print } from "./print.ts";
export type { Printable } from "./print.ts";
export { positionOf, textOf } from "./source.ts";
export type { Position, Source, Span } from "./source.ts";
export { syntaxCodes } from "./syntax-problem.ts";
export type { SyntaxCode, SyntaxProblem } from "./syntax-problem.ts";
export { keywords, tokenTable } from "./tokens.ts";
export type { TokenRow } from "./tokens.ts";
