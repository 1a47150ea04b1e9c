import { createToken, Lexer } from "chevrotain";
import type { IToken, ITokenConfig, TokenType } from "chevrotain";

/** A token of the language and the TextMate scope editors colour it by (absent for what has no colour). */
export interface TokenRow {
  readonly type: TokenType;
  readonly scope?: string;
}

const rows: TokenRow[] = [];

function token(config: ITokenConfig, scope?: string): TokenType {
  const type = createToken(config);
  rows.push(scope === undefined ? { type } : { type, scope });
  return type;
}

function symbol(name: string, text: string, scope?: string): TokenType {
  return token({ name, pattern: text, label: `\`${text}\`` }, scope);
}

const digits = "0123456789";
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

/**
 * The characters that a pattern without line ends may begin with: told, since the lexer would otherwise take its patterns apart at every
 * start of the program.
 */
function begins(characters: string): Pick<ITokenConfig, "start_chars_hint" | "line_breaks"> {
  return { start_chars_hint: [...characters], line_breaks: false };
}

/** Whatever looks like a name, keywords included: argument labels may be any of them. */
export const Word = createToken({ name: "Word", pattern: Lexer.NA, label: "a name" });
/** The token type only; it is put after the keywords in {@link tokenTable}. */
export const Name = createToken({
  name: "Name",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  ...begins(letters),
  label: "a name",
  categories: [Word],
});

/** A name that begins a binding of a model: never found by the lexer, but told from other names by mark-bindings.ts. */
export const BindingName = createToken({
  name: "BindingName",
  pattern: Lexer.NA,
  label: "a binding",
});

function keyword(word: string, scope: string): TokenType {
  const name = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  const shape = { pattern: word, longer_alt: Name, categories: [Word] };
  return token({ name, label: `\`${word}\``, ...shape }, scope);
}

const space = /[ \t\r\n\uFEFF]+/;
token({
  name: "Space",
  pattern: space,
  group: Lexer.SKIPPED,
  ...begins(" \t\r\n\uFEFF"),
  line_breaks: true,
});
export const Documentation = token(
  { name: "Documentation", pattern: /\/\/\/[^\r\n]*/, group: "comments", ...begins("/") },
  "comment.line.documentation",
);
token(
  { name: "Comment", pattern: /\/\/[^\r\n]*/, group: "comments", ...begins("/") },
  "comment.line.double-slash",
);

export const Import = keyword("import", "keyword.control.import");
export const From = keyword("from", "keyword.control.import");
export const As = keyword("as", "keyword.control.import");
export const Kernel = keyword("kernel", "storage.type.kernel");
export const Block = keyword("block", "storage.type.block");
export const Model = keyword("model", "storage.type.model");
export const Quant = keyword("quant", "storage.type.quant");
export const Recipe = keyword("recipe", "storage.type.recipe");
export const Branch = keyword("branch", "keyword.other.branch");
export const Then = keyword("then", "keyword.other.then");
export const When = keyword("when", "keyword.control.when");
export const Require = keyword("require", "keyword.control.require");
export const Input = keyword("input", "keyword.other.input");
export const Output = keyword("output", "keyword.other.output");
export const At = keyword("at", "keyword.other.at");
export const By = keyword("by", "keyword.operator.by");
export const And = keyword("and", "keyword.operator.logical");
export const Or = keyword("or", "keyword.operator.logical");
export const Not = keyword("not", "keyword.operator.logical");
export const True = keyword("true", "constant.language.boolean");
export const False = keyword("false", "constant.language.boolean");
rows.push({ type: Name, scope: "variable.other" });

const decimal = /[0-9]+(?:\.[0-9]+(?:[eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)/y;

/** In a path such as `s1.0.1` a number after a single dot is an index, never the start of a fraction. */
function matchFloat(text: string, offset: number, before: IToken[]): RegExpExecArray | null {
  if (before.at(-1)?.tokenType === Dot) return null;
  decimal.lastIndex = offset;
  return decimal.exec(text);
}

export const Size = token(
  { name: "Size", pattern: /[0-9]+x[0-9]+/, ...begins(digits), label: "a size" },
  "constant.numeric.size",
);
export const Float = token(
  {
    name: "Float",
    pattern: { exec: matchFloat },
    ...begins(digits),
    label: "a number",
  },
  "constant.numeric.float",
);
export const Int = token(
  { name: "Int", pattern: /[0-9]+/, ...begins(digits), label: "a number" },
  "constant.numeric.integer",
);
export const Text = token(
  { name: "Text", pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"/, ...begins('"'), label: "a string" },
  "string.quoted.double",
);
/** Stands where a string may, so that a forgotten quote is one problem and not two. */
export const UnterminatedText = token(
  {
    name: "UnterminatedText",
    pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*\\?/,
    ...begins('"'),
    categories: [Text],
  },
  "invalid.illegal.string",
);

export const Becomes = symbol("Becomes", "=>", "keyword.operator.becomes");
export const Flows = symbol("Flows", "->", "keyword.operator.flows");
export const Compare = token(
  { name: "Compare", pattern: /==|!=|<=|>=|<|>/, ...begins("=!<>"), label: "a comparison" },
  "keyword.operator.comparison",
);
export const Equals = symbol("Equals", "=", "keyword.operator.assignment");
export const DotDot = symbol("DotDot", "..", "keyword.operator.range");
export const Dot = symbol("Dot", ".");
export const StarStar = symbol("StarStar", "**", "keyword.operator.selector");
export const Star = symbol("Star", "*", "keyword.operator.arithmetic");
export const Plus = symbol("Plus", "+", "keyword.operator.arithmetic");
export const Minus = symbol("Minus", "-", "keyword.operator.arithmetic");
export const Slash = symbol("Slash", "/", "keyword.operator.arithmetic");
export const Percent = symbol("Percent", "%", "keyword.operator.arithmetic");
export const Bar = symbol("Bar", "|", "keyword.operator.alternative");
export const Comma = symbol("Comma", ",");
export const Colon = symbol("Colon", ":");
export const LeftParen = symbol("LeftParen", "(");
export const RightParen = symbol("RightParen", ")");
export const LeftBracket = symbol("LeftBracket", "[");
export const RightBracket = symbol("RightBracket", "]");
export const LeftBrace = symbol("LeftBrace", "{");
export const RightBrace = symbol("RightBrace", "}");

/** All tokens in the order the lexer tries them. */
export const tokenTable: readonly TokenRow[] = rows;

/** Every keyword, as written. */
export const keywords: readonly string[] = rows
  .filter(({ type }) => type !== Name && type.CATEGORIES?.includes(Word))
  .map(({ type }) => String(type.PATTERN));

/** What the parser may consume: the table, the category of words, and what no pattern finds. */
export const vocabulary: TokenType[] = [...rows.map(({ type }) => type), Word, BindingName];
