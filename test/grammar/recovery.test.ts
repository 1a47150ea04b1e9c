import { describe, expect, it } from "vitest";
import { parse, positionOf, syntaxCodes } from "../../grammar/index.ts";
import { endOf, tokenize } from "../../grammar/lexer.ts";

interface Case {
  readonly what: string;
  readonly text: string;
  /** `line:column code message`, one a problem. */
  readonly problems: readonly string[];
}

/** What follows every mistake; both must survive it. */
const AFTER = "\nblock Y => conv { branch a = b }\nmodel Z { input x: image[1] output x }\n";

const cases: readonly Case[] = [
  {
    what: "a missing arrow in a branch",
    text: "block A => conv(3x3) {\n  branch x = conv(3x3) bn\n  branch y = identity\n}",
    problems: ["2:24 syntax/missing-arrow expected `->` between `)` and `bn`"],
  },
  {
    what: "a missing arrow in a model",
    text: "model A {\n  y = x -> conv(3x3) relu(3)\n}",
    problems: ["2:22 syntax/missing-arrow expected `->` between `)` and `relu`"],
  },
  {
    what: "a missing arrow in a recipe",
    text: "recipe A {\n  schedule: warmup cosine\n}",
    problems: ["2:20 syntax/missing-arrow expected `->` between `warmup` and `cosine`"],
  },
  {
    what: "a sum in a branch without parentheses",
    text: "block A => conv(3x3) {\n  branch x = conv(3x3) + conv(1x1) -> bn\n  branch y = identity\n}",
    problems: ["2:24 syntax/bare-sum a sum in a branch needs parentheses"],
  },
  {
    what: "a difference of chains without parentheses",
    text: "block A => conv(3x3) {\n  branch x = conv(3x3) -> bn * 2 - identity\n  then relu\n}",
    problems: ["2:34 syntax/bare-sum a sum in a branch needs parentheses"],
  },
  {
    what: "a sum behind an arrow of a flow",
    text: "model A {\n  y = x -> conv(3x3) + z -> relu\n  output y\n}",
    problems: ["2:22 syntax/bare-sum a sum behind `->` needs parentheses"],
  },
  {
    what: "an op with nothing before it",
    text: "model A {\n  y = conv(3x3) -> relu\n  output relu(3)\n}",
    problems: [
      "2:7 syntax/missing-source nothing flows into `conv`",
      "3:10 syntax/missing-source nothing flows into `relu`",
    ],
  },
  {
    what: "an op with nothing before it, in a sum",
    text: "model A {\n  output x + conv(1x1)\n}",
    problems: ["2:14 syntax/missing-source nothing flows into `conv`"],
  },
  {
    what: "a block without a promise",
    text: "block A() {\n  branch x = conv(3x3)\n}",
    problems: ["1:11 syntax/missing-becomes a block says what it becomes"],
  },
  {
    what: "a mistyped statement",
    text: "block A => conv {\n  brunch x = conv(3x3) -> bn\n  branch y = identity\n}",
    problems: ["2:3 syntax/unknown-statement `brunch` does not start a statement of a block"],
  },
  {
    what: "a mistyped statement that looks like a binding",
    text: "model A {\n  inptu a: image[1]\n  output a\n}",
    problems: ["2:3 syntax/unknown-statement `inptu` does not start a statement of a model"],
  },
  {
    what: "a statement of another declaration",
    text: "model A {\n  branch a = conv\n  output b\n}",
    problems: ["2:3 syntax/unknown-statement `branch` is a statement of a block, not of a model"],
  },
  {
    what: "a mistyped declaration",
    text: "block A => conv { branch a = b }\nmodle X { input x: image[1, 1, 1] }",
    problems: ["2:1 syntax/unknown-declaration `modle` does not start a declaration"],
  },
  {
    what: "an arrow to nowhere",
    text: "block A => conv {\n  branch a = identity ->\n}",
    problems: ["2:23 syntax/unexpected-token expected an operation after `->`, found `}`"],
  },
  {
    what: "an unclosed parenthesis",
    text: "block A => conv(3x3 {\n  branch a = identity\n}",
    problems: ["1:21 syntax/unclosed expected `)` before `{`"],
  },
  {
    what: "an unclosed body",
    text: "block A => conv {\n  branch a = identity\n",
    problems: ["4:1 syntax/unclosed expected `}` before `block`"],
  },
  {
    what: "an unclosed table",
    text: "kernel A = [[1, 2], [3, 4]\n",
    problems: ["3:1 syntax/unclosed expected `]` before `block`"],
  },
  {
    what: "a brace too many",
    text: "block A => conv { branch a = identity }}",
    problems: ["1:40 syntax/unmatched this `}` closes nothing"],
  },
  {
    what: "semicolons and other characters",
    text: "block A => conv {\n  branch a = identity;\n  branch b = c when x & y\n}",
    problems: [
      "2:22 syntax/unexpected-character `;` has no meaning in the language",
      "3:23 syntax/unexpected-character `&` has no meaning in the language",
    ],
  },
  {
    what: "an invisible character",
    text: "block A => conv { branch a\u200b = b }",
    problems: [
      "1:27 syntax/unexpected-character the invisible character U+200B has no meaning in the language",
    ],
  },
  {
    what: "an unterminated string",
    text: 'block A => conv {\n  require a == b, "abc\n  branch a = identity\n}',
    problems: ["2:19 syntax/unterminated-string this string has no end"],
  },
  {
    what: "a keyword as a name",
    text: "block A => conv {\n  branch input = identity\n}",
    problems: ["2:10 syntax/reserved-word `input` is a word of the language and cannot be a name"],
  },
  {
    what: "commas between settings",
    text: "recipe A {\n  epochs: 1,\n  rate: 2\n}",
    problems: ["2:12 syntax/unexpected-token no `,` stands between the statements of a recipe"],
  },
  {
    what: "a missing comma",
    text: "block A => conv(3x3 stride: 2) { branch a = b }",
    problems: ["1:21 syntax/unexpected-token expected `,` or `)` after `3x3`, found `stride`"],
  },
  {
    what: "an import after a declaration",
    text: 'kernel A = []\nimport { B } from "b"',
    problems: ["2:1 syntax/misplaced-import an `import` stands after a declaration"],
  },
  {
    what: "numbers that do not fit",
    text: "recipe A {\n  a: 9007199254740993\n  b: 1e999\n}",
    problems: [
      "2:6 syntax/number-out-of-range `9007199254740993` is too large to be represented",
      "3:6 syntax/number-out-of-range `1e999` is too large to be represented",
    ],
  },
  {
    what: "several mistakes in one body",
    text: "block A => conv {\n  branch a = \n  branch = c\n  branch d = (e -> f\n  then relu\n}",
    problems: [
      "2:12 syntax/unexpected-token expected an operation after `=`, found `branch`",
      "3:10 syntax/unexpected-token expected a name after `branch`, found `=`",
      "5:3 syntax/unclosed expected `)` before `then`",
    ],
  },
];

describe("a mistake is told in words, and hides nothing after it", () => {
  it.each(cases)("$what", ({ text, problems }) => {
    const source = { path: "", text: text + AFTER };
    const outcome = parse(source);
    const told = outcome.problems.map(({ span, code, message }) => {
      const { line, column } = positionOf(source, span.start);
      return `${line}:${column} ${code} ${message}`;
    });
    expect(told).toEqual(problems);
    expect(outcome.file.declarations.slice(-2).map(({ name }) => name.text)).toEqual(["Y", "Z"]);
  });

  it("points at the bracket that is still open", () => {
    const text = "block A => conv(3x3 {\n  branch a = (b -> c\n}";
    const { problems } = parse({ path: "", text });
    const pointed = problems.flatMap(({ related }) => related.map(({ span }) => span.start));
    expect(pointed).toEqual([text.indexOf("("), text.indexOf("(b")]);
  });

  it("suggests the word that was meant", () => {
    const texts = ["modle X { }", "block A => conv { brnach a = b }", "model A { outptu: a }"];
    const helps = texts.map((text) => parse({ path: "", text }).problems[0]?.help);
    expect(helps).toEqual(["write `model`", "write `branch`", "write `output`"]);
  });
});

describe("a mistake in a flow of a model", () => {
  it.each([
    ["-> conv(3x3) -> bn", "syntax/unexpected-token expected the name of a value after `=`, found `->`"],
    ["conv(3x3) -> relu", "syntax/missing-source nothing flows into `conv`"],
    ["x + conv(3x3) -> relu", "syntax/missing-source nothing flows into `conv`"],
    ["", "syntax/unexpected-token expected the name of a value after `=`, found `s2`"],
    ["x ->", "syntax/unexpected-token expected an operation after `->`, found `s2`"],
    ["x +", "syntax/unexpected-token expected the name of a value after `+`, found `s2`"],
    ["= x", "syntax/unexpected-token expected the name of a value after `=`, found `=`"],
    ["(-> relu) + x", "syntax/unexpected-token expected the name of a value after `(`, found `->`"],
    ["x -> conv(3x3", "syntax/unexpected-token expected `,` or `)` after `3x3`, found `s2`"],
    ["x -> conv(3x3,", "syntax/unexpected-token expected `,` or `)` after `,`, found `s2`"],
    ["x -> conv(3x3) relu(1) -> bn", "syntax/missing-arrow expected `->` between `)` and `relu`"],
  ])("is one problem, and the next binding is read: %s", (flow, problem) => {
    const text = `model A {\n  input x: image[1]\n  s1 = ${flow}\n  s2 = x -> b(input: 2)\n  output s2\n}${AFTER}`;
    const { file, problems } = parse({ path: "", text });
    expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([problem]);
    const [model] = file.declarations;
    if (model?.kind !== "model") throw new Error("the first declaration is a model");
    expect(model.bindings.map(({ name }) => name.text)).toEqual(["s1", "s2"]);
    const [first, second] = model.bindings.map((binding) => binding.flow.steps.length);
    expect([first! >= 0, second, model.outputs.length]).toEqual([true, 1, 1]);
    expect(file.declarations.map(({ name }) => name.text)).toEqual(["A", "Y", "Z"]);
  }); // prettier-ignore

  it("hides no binding of an input or an output that lacks something", () => {
    const texts = [
      "model A {\n  input x:\n  s2 = x -> b\n}",
      "model A {\n  output\n  s2 = x -> b\n}",
      "model A { x y -> b s2 = x -> b }",
    ];
    for (const text of texts) {
      const { file, problems } = parse({ path: "", text });
      expect([text, problems.length]).toEqual([text, 1]);
      const [model] = file.declarations;
      if (model?.kind !== "model") throw new Error("the first declaration is a model");
      expect(model.bindings.at(-1)?.name.text).toBe("s2");
    }
  });
});

describe("whatever single token goes missing or is too many", () => {
  const text = `block A(k: odd = 3) => conv(k, stride: 1) {
  require in % k == 0, "why"
  branch a[2] = (conv(3x3) -> bn + avg(k)) -> f * 2 when k > 1
  then relu
}`;
  const { tokens } = tokenize(text);

  it.each(tokens.map((token) => [token.startOffset, token.image, token] as const))(
    "without token %d (%s) the declarations after it are read",
    (start, _, token) => {
      const { file, problems } = parse({
        path: "",
        text: text.slice(0, start) + text.slice(endOf(token)) + AFTER,
      });
      expect(file.declarations.slice(-2).map(({ name }) => name.text)).toEqual(["Y", "Z"]);
      for (const { code } of problems) expect(syntaxCodes).toContain(code);
    },
  );

  it.each([")", "}", "]", "->", "=>", "=", "3", "x", "branch", "when", ":", ","])(
    "with a `%s` anywhere the declarations after it are read",
    (extra) => {
      for (const { startOffset } of tokens) {
        const broken = `${text.slice(0, startOffset)} ${extra} ${text.slice(startOffset)}${AFTER}`;
        const { declarations } = parse({ path: "", text: broken }).file;
        const names = declarations.slice(-2).map(({ name }) => name.text);
        expect([startOffset, names]).toEqual([startOffset, ["Y", "Z"]]);
      }
    },
  );
});
