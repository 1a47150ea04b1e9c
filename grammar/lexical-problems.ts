import type { ILexingError } from "chevrotain";
import type { Tokens } from "./lexer.ts";
import { endOf } from "./lexer.ts";
import type { Source } from "./source.ts";
import type { SyntaxProblem } from "./syntax-problem.ts";
import { UnterminatedText } from "./tokens.ts";

/** What to write instead of characters that other languages have. */
const remedies = new Map([
  [";", "leave the semicolon out: statements need no end mark"],
  ["&", "write `and`"],
  ["!", "write `not`"],
  ["'", 'put strings in double quotes: `"..."`'],
  ["`", 'put strings in double quotes: `"..."`'],
  ["→", "write `->`"],
  ["⇒", "write `=>`"],
  ["×", "write `3x3` for a size, `3 by k` for a computed one"],
  ["≤", "write `<=`"],
  ["≥", "write `>=`"],
  ["≠", "write `!=`"],
  ["−", "write `-`, the hyphen of the keyboard"],
  ["#", "start comments with `//`"],
]);

/** Problems that can be told before parsing: strange characters and strings without an end. */
export function lexicalProblems(source: Source, { tokens, errors }: Tokens): SyntaxProblem[] {
  const strings = tokens
    .filter(({ tokenType }) => tokenType === UnterminatedText)
    .map((token): SyntaxProblem => ({
      code: "syntax/unterminated-string",
      span: { source, start: token.startOffset, end: endOf(token) },
      message: "this string has no end",
      label: "opened here",
      help: 'close it with `"` on the same line; write a quote inside a string as `\\"`',
      related: [],
    }));
  return [...errors.map((error) => strangeCharacters(source, error)), ...strings];
}

function strangeCharacters(source: Source, { offset, length }: ILexingError): SyntaxProblem {
  const text = source.text.slice(offset, offset + length);
  const character = String.fromCodePoint(text.codePointAt(0) ?? 0);
  const help = remedies.get(character);
  return {
    code: "syntax/unexpected-character",
    span: { source, start: offset, end: offset + length },
    message: `${spell(character)} has no meaning in the language`,
    ...(help === undefined ? {} : { help }),
    related: [],
  };
}

function spell(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const isPrintable = /[\p{L}\p{N}\p{P}\p{S}]/u.test(character);
  const number = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  return isPrintable ? `\`${character}\`` : `the invisible character ${number}`;
}
