import type { IRecognitionException } from "chevrotain";
import { didYouMean } from "./did-you-mean.ts";
import { PROBLEM_LIMIT } from "./expected-tokens.ts";
import { explainBareSum, explainMissingSource } from "./flow-errors.ts";
import { isSameLine, openerBefore, spanAt, toMistake } from "./mistake.ts";
import type { Mistake, Surroundings } from "./mistake.ts";
import { article, closers, describeExpected, either, found, quoted } from "./phrases.ts";
import type { Explanation, SyntaxProblem } from "./syntax-problem.ts";
import { keywords } from "./tokens.ts";

const declarationWords = ["kernel", "block", "model", "quant", "recipe"];

/** The words that start a statement in each kind of body, and what else may stand there. */
const bodies = new Map([
  ["block", { words: ["branch", "then", "require"], other: undefined }],
  ["model", { words: ["input", "output", "require"], other: "a binding `name = ...`" }],
  ["quant", { words: ["at"], other: "a setting `name: ...`" }],
  ["recipe", { words: [], other: "a setting `name: ...`" }],
  ["at", { words: [], other: "a setting `name: ...`" }],
]);
const statementWords = [...bodies.values()].flatMap(({ words }) => words);
const startWords = new Set([...statementWords, ...declarationWords, "import", "when"]);
const closerTexts = new Set(closers.values());

/**
 * The problems that parser errors stand for, in words for people. At most one a line, for the next ones on a line mostly follow from the
 * first; and none where a problem found before parsing already tells it.
 */
export function describeErrors(
  errors: readonly IRecognitionException[],
  around: Surroundings,
): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const starts = new Set<number>();
  for (const error of errors.slice(0, PROBLEM_LIMIT)) {
    const mistake = toMistake(error, around);
    if (isKnown(mistake)) continue;
    const problem = describe(mistake);
    const lineStart = around.source.text.lastIndexOf("\n", problem.span.start - 1);
    if (starts.has(lineStart)) continue;
    starts.add(lineStart);
    problems.push(problem);
  }
  return problems;
}

function describe(mistake: Mistake): SyntaxProblem {
  for (const explain of explanations) {
    const explanation = explain(mistake);
    if (explanation !== undefined) {
      return { span: spanAt(mistake, mistake.index), related: [], ...explanation };
    }
  }
  throw new Error("a syntax error that nothing explains: this is a bug of repqc");
}

function isKnown(mistake: Mistake): boolean {
  const from = spanAt(mistake, mistake.index - 1).start;
  const to =
    mistake.actual === undefined ? mistake.source.text.length : spanAt(mistake, mistake.index).end;
  return mistake.lexical.some(({ span }) => span.start >= from && span.end <= to);
}

const explanations: readonly ((mistake: Mistake) => Explanation | undefined)[] = [
  explainTopLevel,
  explainMissingBecomes,
  explainMissingArrow,
  explainMissingSource,
  explainBareSum,
  explainMisspelling,
  explainUnclosed,
  explainStatement,
  explainReservedWord,
  explainToken,
];

function explainTopLevel({ rule, expected, actual }: Mistake): Explanation | undefined {
  if (rule !== "file" || !expected.includes("EOF") || actual === undefined) return undefined;
  const word = actual.image;
  if (word === "import") {
    return {
      code: "syntax/misplaced-import",
      message: "an `import` stands after a declaration",
      help: "move it above the first declaration",
    };
  }
  if (closerTexts.has(word)) {
    return {
      code: "syntax/unmatched",
      message: `this \`${word}\` closes nothing`,
      help: "remove it",
    };
  }
  const near = didYouMean(word, [...declarationWords, "import"]);
  return {
    code: "syntax/unknown-declaration",
    message: `\`${word}\` does not start a declaration`,
    help:
      near === undefined ? `start with ${either(quoted(declarationWords))}` : `write \`${near}\``,
  };
}

function explainMissingBecomes({ rule, expected }: Mistake): Explanation | undefined {
  if (rule !== "block" || !expected.includes("Becomes")) return undefined;
  return {
    code: "syntax/missing-becomes",
    message: "a block says what it becomes",
    label: "expected `=>` here",
    help: "write `=> conv(3x3)` before `{`",
  };
}

/** Two operations side by side: `conv(3x3) bn`. */
function explainMissingArrow(mistake: Mistake): Explanation | undefined {
  const { rule, expected, tokens } = mistake;
  const isReadAsStatement =
    (rule === "binding" && expected.includes("Equals")) ||
    (rule === "setting" && expected.includes("Colon"));
  const index = isReadAsStatement ? mistake.index - 1 : mistake.index;
  const [before, second] = [tokens[index - 1], tokens[index]];
  const isInBody = isReadAsStatement || (bodies.has(rule) && expected.includes("RightBrace"));
  if (!isInBody || before === undefined || second?.tokenType.name !== "Name") return undefined;
  const endsOperation = ["Name", "RightParen", "Int"].includes(before.tokenType.name);
  const statement = didYouMean(second.image, bodies.get(rule)?.words ?? []);
  if (!endsOperation || statement !== undefined || !isSameLine(mistake, index - 1, index)) {
    return undefined;
  }
  return {
    code: "syntax/missing-arrow",
    span: spanAt(mistake, index),
    message: `expected \`->\` between \`${before.image}\` and \`${second.image}\``,
    help: `write \`-> ${second.image}\``,
  };
}

/** A mistyped statement word that was read as the name of a binding or a setting: `inptu x: ...`. */
function explainMisspelling(mistake: Mistake): Explanation | undefined {
  const { rule, owner, expected, tokens, index } = mistake;
  const isReadAsName =
    (rule === "binding" && expected.includes("Equals")) ||
    (rule === "setting" && expected.includes("Colon"));
  const word = tokens[index - 1]?.image ?? "";
  const near = didYouMean(word, bodies.get(owner)?.words ?? []);
  if (!isReadAsName || near === undefined) return undefined;
  return {
    code: "syntax/unknown-statement",
    span: spanAt(mistake, index - 1),
    message: `\`${word}\` does not start a statement of ${article(owner)}`,
    help: `write \`${near}\``,
  };
}

/** The bracket expected here was never closed before the next statement, declaration, or the end. */
function explainUnclosed(mistake: Mistake): Explanation | undefined {
  const { expected, actual, rule } = mistake;
  const closer = closers.get(expected.find((name) => closers.has(name)) ?? "");
  const opener = openerBefore(mistake, mistake.index);
  if (closer === undefined || opener === undefined) return undefined;
  const word = actual?.image ?? "";
  const isStop =
    closer === "}" && bodies.has(rule)
      ? actual === undefined || declarationWords.includes(word) || word === "import"
      : actual === undefined || startWords.has(word) || ["{", "=>", ...closerTexts].includes(word);
  if (!isStop) return undefined;
  const text = mistake.tokens[opener]!.image;
  return {
    code: "syntax/unclosed",
    message: `expected \`${closer}\` before ${found(mistake)}`,
    label: `\`${closer}\` is missing before this`,
    help: `close the \`${text}\` with \`${closer}\``,
    related: [{ span: spanAt(mistake, opener), label: `this \`${text}\` is still open` }],
  };
}

function explainStatement(mistake: Mistake): Explanation | undefined {
  const { rule, expected, actual } = mistake;
  const body = bodies.get(rule);
  if (body === undefined || !expected.includes("RightBrace") || actual === undefined)
    return undefined;
  const word = actual.image;
  if (word === ",") {
    return {
      code: "syntax/unexpected-token",
      message: `no \`,\` stands between the statements of ${article(rule)}`,
      help: "remove it",
    };
  }
  const near = didYouMean(word, body.words);
  const home = [...bodies].find(([, { words }]) => words.includes(word))?.[0];
  const options = [...quoted(body.words), ...(body.other === undefined ? [] : [body.other])];
  const advice = near === undefined ? `write ${either(options)}` : `write \`${near}\``;
  return {
    code: "syntax/unknown-statement",
    message:
      home === undefined
        ? `\`${word}\` does not start a statement of ${article(rule)}`
        : `\`${word}\` is a statement of ${article(home)}, not of ${article(rule)}`,
    help: advice,
  };
}

function explainReservedWord(mistake: Mistake): Explanation | undefined {
  const { expected, actual } = mistake;
  const word = actual?.image ?? "";
  if (!expected.includes("Name") || !keywords.includes(word)) return undefined;
  if (startWords.has(word) && !isSameLine(mistake, mistake.index - 1, mistake.index))
    return undefined;
  return {
    code: "syntax/reserved-word",
    message: `\`${word}\` is a word of the language and cannot be a name`,
    help: "choose another name",
  };
}

function explainToken(mistake: Mistake): Explanation {
  const { expected, tokens, index } = mistake;
  const before = tokens[index - 1];
  const after = before === undefined ? "" : ` after \`${before.image}\``;
  const isMissing = before !== undefined && !isSameLine(mistake, index - 1, index);
  return {
    code: "syntax/unexpected-token",
    ...(isMissing
      ? { span: spanAt(mistake, index - 1), label: "something is missing after this" }
      : {}),
    message: `expected ${either(describeExpected(mistake))}${after}, found ${found(mistake)}`,
    ...(expected.includes("EOF") ? { help: "end the text here" } : {}),
  };
}
