import type { CstNode, IToken } from "chevrotain";
import type { Call, File } from "./ast.ts";
import type { Reading } from "./cst.ts";
import { tokenSpan } from "./cst.ts";
import { documentationOf } from "./docs.ts";
import { PROBLEM_LIMIT, TooManyProblems } from "./expected-tokens.ts";
import { toCall } from "./expressions-to-ast.ts";
import { lexicalProblems } from "./lexical-problems.ts";
import { tokenize } from "./lexer.ts";
import type { Tokens } from "./lexer.ts";
import { markBindings } from "./mark-bindings.ts";
import { RepqParser } from "./parser.ts";
import { scan, DEPTH_LIMIT } from "./scan.ts";
import type { Source } from "./source.ts";
import { describeErrors } from "./syntax-errors.ts";
import type { SyntaxProblem } from "./syntax-problem.ts";
import { toFile } from "./to-ast.ts";

/** The longest text that is read at all, in UTF-16 code units. */
export const LENGTH_LIMIT = 256 * 1024;

export interface ParsedFile {
  /** What could be read; complete where there are no problems. */
  readonly file: File;
  /** In the order of the text. */
  readonly problems: readonly SyntaxProblem[];
}

export interface ParsedCall {
  readonly call?: Call;
  readonly problems: readonly SyntaxProblem[];
}

/** Reads a `.repq` file. Never throws, whatever the text; mistakes come back as problems, and what stands around them is still read. */
export function parse(source: Source): ParsedFile {
  const { cst, reading, problems } = read(source, "file");
  const file = toFile(reading, cst);
  return { file, problems: inOrder(problems) };
}

/** Reads one call, such as the `RepVGG(8, stride: 2)` that a command line names. */
export function parseCall(source: Source): ParsedCall {
  const { cst, reading, problems } = read(source, "call");
  const call = toCall(reading, cst);
  const hasCall = problems.length === 0;
  return hasCall ? { call, problems: inOrder(problems) } : { problems: inOrder(problems) };
}

interface Outcome {
  readonly cst: CstNode | undefined;
  readonly reading: Reading;
  /** Grows while the concrete tree is turned into the syntax tree. */
  readonly problems: SyntaxProblem[];
}

let parser: RepqParser | undefined;

function read(source: Source, rule: "file" | "call"): Outcome {
  const problems: SyntaxProblem[] = [];
  const empty: Reading = { source, docs: new Map(), report: () => undefined };
  if (source.text.length > LENGTH_LIMIT) {
    return { cst: undefined, reading: empty, problems: [tooLong(source)] };
  }
  const lexed = tokenize(source.text);
  const lexical = lexicalProblems(source, lexed);
  problems.push(...lexical.slice(0, PROBLEM_LIMIT));
  if (lexical.length > PROBLEM_LIMIT) problems.push(tooMany(source));
  const { chainStarts, tooDeep } = scan(lexed.tokens);
  if (tooDeep !== undefined) {
    return { cst: undefined, reading: empty, problems: [...problems, tooDeepAt(source, tooDeep)] };
  }
  const cst = runParser(source, lexed, { chainStarts, rule, lexical }, problems);
  const report = (token: IToken): void => void problems.push(outOfRange(source, token));
  return { cst, reading: { source, docs: documentationOf(source.text, lexed), report }, problems };
}

interface Run {
  readonly chainStarts: ReadonlySet<IToken>;
  readonly rule: "file" | "call";
  /** Problems found before parsing. */
  readonly lexical: readonly SyntaxProblem[];
}

function runParser(
  source: Source,
  lexed: Tokens,
  { chainStarts, rule, lexical }: Run,
  problems: SyntaxProblem[],
): CstNode | undefined {
  parser ??= new RepqParser();
  parser.start(markBindings(source.text, lexed.tokens), chainStarts);
  let cst: CstNode | undefined;
  try {
    cst = parser[rule]();
  } catch (error) {
    if (!(error instanceof TooManyProblems)) throw error;
    if (lexical.length <= PROBLEM_LIMIT) problems.push(tooMany(source));
  }
  problems.push(...describeErrors(parser.errors, { source, tokens: lexed.tokens, lexical }));
  return cst;
}

function inOrder(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  return problems.toSorted((one, other) => one.span.start - other.span.start);
}

function tooLong(source: Source): SyntaxProblem {
  const length = source.text.length;
  return {
    code: "syntax/too-long",
    span: { source, start: 0, end: 0 },
    message: `this file has ${length} characters; at most ${LENGTH_LIMIT} are read`,
    help: "split it into files and `import` them",
    related: [],
  };
}

function tooDeepAt(source: Source, token: IToken): SyntaxProblem {
  return {
    code: "syntax/too-deep",
    span: tokenSpan(source, token),
    message: `brackets and operators nest deeper than ${DEPTH_LIMIT} levels here`,
    label: "one level too many",
    help: "split the expression, or give its parts names of their own",
    related: [],
  };
}

function tooMany(source: Source): SyntaxProblem {
  const end = source.text.length;
  return {
    code: "syntax/too-many",
    span: { source, start: end, end },
    message: `this file has more than ${PROBLEM_LIMIT} syntax problems; the rest was not read`,
    related: [],
  };
}

function outOfRange(source: Source, token: IToken): SyntaxProblem {
  return {
    code: "syntax/number-out-of-range",
    span: tokenSpan(source, token),
    message: `\`${token.image}\` is too large to be represented`,
    help: "integers reach 9007199254740991, other numbers about 1.8e308",
    related: [],
  };
}
