import { describe, expect, it } from "vitest";
import { parse, parseCall, positionOf, textOf } from "../../grammar/index.ts";
import type { Declaration, File } from "../../grammar/index.ts";
import { fences } from "./examples.ts";
import { sketch } from "./sketch.ts";

function read(text: string): File {
  const { file, problems } = parse({ path: "test.repq", text });
  expect(problems).toEqual([]);
  return file;
}

function readOne<K extends Declaration["kind"]>(
  kind: K,
  text: string,
): Extract<Declaration, { kind: K }> {
  const [declaration] = read(text).declarations;
  if (declaration?.kind !== kind) throw new Error(`expected a ${kind}`);
  return declaration as Extract<Declaration, { kind: K }>;
}

/** The sketch of a chain in a branch. */
function chain(text: string): string {
  return sketch(readOne("block", `block A => conv { branch a = ${text} }`).branches[0]!.chain);
}

/** The sketch of a value of a setting. */
function value(text: string): string {
  return sketch(readOne("recipe", `recipe R { a: ${text} b: 1 }`).settings[0]!.value);
}

describe("the examples of specs/language.md", () => {
  const names = fences("repq").map((text) => read(text).declarations.map(({ name }) => name.text));

  it("are all read without a problem", () => {
    expect(names.flat()).toEqual(
      "RepVGG QARepVGG ACNet DBB OREPA MobileOne SobelX ECB ECBSR_M4C16 RepVGG_A0 W4A4 RepVGG_ImageNet".split(
        " ",
      ),
    );
  });
});

describe("chains", () => {
  it.each([
    ["conv", "[conv]"],
    ["conv() -> bn", "[conv() > bn]"],
    ["conv(3x3) * 4 -> bn", "[conv(3x3) * 4 > bn]"],
    ["f * n -> g * (n + 1)", "[f * n > g * ((+ n 1))]"],
    ["(a -> b + c - d)", "[{+[a > b] +[c] -[d]}]"],
    ["x -> (a + b) * 2", "[x > {+[a] +[b]} * 2]"],
    ["((a - b) -> c)", "[{+[{+[a] -[b]} > c]}]"],
    ["concat(a -> b, c)", "[concat([a > b], c)]"],
    ["filter(dct(3x3)) -> scale(init: 0.25)", "[filter(dct(3x3)) > scale(init: 0.25f)]"],
  ])("%s", (text, expected) => expect(chain(text)).toBe(expected));
});

describe("values are chains exactly if they have an arrow of their own", () => {
  it.each([
    ["warmup(epochs: 5) -> cosine", "[warmup(epochs: 5) > cosine]"],
    ["cosine", "cosine"],
    ["f(a -> b)", "f([a > b])"],
    ["f(a -> b) * 2", "(* f([a > b]) 2)"],
    ["(a + b)", "((+ a b))"],
    ["(a + b -> c)", "[{+[a] +[b > c]}]"],
    ["((a -> b))", "[{+[{+[a > b]}]}]"],
    ["f((a + b), (a -> b), x: (a))", "f(((+ a b)), [{+[a > b]}], x: (a))"],
    ["f([g(a -> b)], c * 2)", "f(list(g([a > b])), (* c 2))"],
    ["f(g(1) -> h(i -> j), k + 1)", "f([g(1) > h([i > j])], (+ k 1))"],
  ])("%s", (text, expected) => expect(value(text)).toBe(expected));
});

describe("expressions", () => {
  it.each([
    ["a or b and not c == 1", "(or a (and b (not (== c 1))))"],
    ["a - b - c", "(- (- a b) c)"],
    ["a + b * c % d", "(+ a (% (* b c) d))"],
    ["a - -1", "(- a -1)"],
    ["a -1", "(- a 1)"],
    ["-2 * -0.5", "(* -2 -0.5f)"],
    ["1 by k", "(by 1 k)"],
    ["3 by k * 2", "(* (by 3 k) 2)"],
    ["3x5", "3x5"],
    ["1e-4", "0.0001f"],
    ["2E3", "2000f"],
    ["1.5e+2", "150f"],
    ["[1, [0, -1,],]", "list(1 list(0 -1))"],
    ["[]", "list()"],
    ['"a \\"b\\" \\\\ \\n"', '"a \\"b\\" \\\\ \\n"'],
    ["true and false", "(and true false)"],
  ])("%s", (text, expected) => expect(value(text)).toBe(expected));
});

describe("calls", () => {
  it("takes keywords as labels, and tells no arguments from no parentheses", () => {
    const { call } = parseCall({ path: "", text: "f(input: 1, at: a -> b, 3,)" });
    expect(call === undefined ? "" : sketch(call)).toBe("f(input: 1, at: [a > b], 3)");
    expect(parseCall({ path: "", text: "f" }).call).not.toHaveProperty("args");
    expect(parseCall({ path: "", text: "f()" }).call?.args).toEqual([]);
  });

  it("is read from a command line whole or not at all", () => {
    expect(parseCall({ path: "", text: "RepVGG(8, stride: 2)" }).problems).toEqual([]);
    for (const text of ["", "RepVGG(8", "RepVGG(8) -> x", "3", "@"]) {
      const { call, problems } = parseCall({ path: "", text });
      expect([text, call, problems.length]).toEqual([text, undefined, 1]);
    }
  });
});

describe("declarations", () => {
  it("reads parameters with every type", () => {
    const { params } = readOne(
      "block",
      "block A(a: int, b: 1..8 = 4, c: 1 | -2 | 0.5..1.5, d: size = 3 by 3,) => conv { }",
    );
    const types = params.map(({ type }) => type.alternatives.map((atom) => textOf(atom.span)));
    expect(types).toEqual([["int"], ["1..8"], ["1", "-2", "0.5..1.5"], ["size"]]);
    expect(params[1]!.type.alternatives[0]).toMatchObject({ kind: "typeRange", low: 1, high: 8 });
    expect(params[3]!.default).toMatchObject({ kind: "binary", operator: "by" });
  });

  it("reads branches with copies and conditions, and several `then`", () => {
    const block = readOne(
      "block",
      'block A => conv { branch a[n + 1] = b when in == out require in > 1, "why" then bn then relu }',
    );
    expect(sketch(block.branches[0]!.copies!)).toBe("(+ n 1)");
    expect(sketch(block.branches[0]!.when!)).toBe("(== in out)");
    expect(block.requires[0]!.message?.value).toBe("why");
    expect(block.thens.map((then) => sketch(then.chain))).toEqual(["[bn]", "[relu]"]);
  });

  it("reads flows: sums first, parentheses kept", () => {
    const model = readOne(
      "model",
      "model M { input x: image[_, 2, 1] a = x + (x -> f) -> g * 2 b = a output a + b -> h }",
    );
    expect(model.bindings.map(({ flow }) => sketch(flow))).toEqual([
      "[x + [x > f] > g * 2]",
      "[a]",
    ]);
    expect(sketch(model.outputs[0]!.flow)).toBe("[a + b > h]");
    expect(sketch(model.inputs[0]!.shape)).toBe("list(_ 2 1)");
  });

  it("reads selectors: indices after dots are no fractions", () => {
    const { ats } = readOne("quant", "quant Q { at s1.*.**, last(2), s2.0.1.a { bn: batch } }");
    const kinds = ats[0]!.selectors.map(({ segments }) =>
      segments.map((segment) => (segment.kind === "call" ? sketch(segment) : segment.kind)),
    );
    expect(kinds).toEqual([["s1", "any", "anyDepth"], ["last(2)"], ["s2", "index", "index", "a"]]);
  });

  it("reads words of the language as parts of selectors", () => {
    const { ats } = readOne("quant", "quant Q { at output.sum, input, a.block(2) { sums: none } }");
    expect(
      ats[0]!.selectors.map(({ segments }) =>
        segments.map((segment) => (segment.kind === "call" ? sketch(segment) : segment.kind)),
      ),
    ).toEqual([["output", "sum"], ["input"], ["a", "block(2)"]]);
  });

  it("reads imports", () => {
    const { imports } = read('import { A, B as C, } from "./a.repq" import { D } from "repq:d"');
    expect(imports.map(({ from }) => from.value)).toEqual(["./a.repq", "repq:d"]);
    expect(imports[0]!.names.map(({ name, local }) => [name.text, local.text])).toEqual([
      ["A", "A"],
      ["B", "C"],
    ]);
  });
});

describe("documentation", () => {
  it("belongs to what follows, and not at the end of a line", () => {
    const block = readOne(
      "block",
      `// no
/// one
///
///  two
block A(
  /// of k
  k: int, /// of nothing
  l: int,
) => conv {
  /// of a
  // between
  branch a = b
  branch c = d
}`,
    );
    expect(block.doc).toBe("one\n\n two");
    expect(block.params.map(({ doc }) => doc)).toEqual(["of k", undefined]);
    expect(block.branches.map(({ doc }) => doc)).toEqual(["of a", undefined]);
  });
});

describe("spans", () => {
  it("cover the text of each node", () => {
    const block = readOne(
      "block",
      "block A => conv(3x3) {\n  branch a = f -> g * 2 when a + 1 < 2\n}",
    );
    const [branch] = block.branches;
    const parts = [block.becomes, branch!, branch!.chain, branch!.chain.steps[1]!, branch!.when!];
    expect(parts.map(({ span }) => textOf(span))).toEqual([
      "conv(3x3)",
      "branch a = f -> g * 2 when a + 1 < 2",
      "f -> g * 2",
      "g * 2",
      "a + 1 < 2",
    ]);
    expect(positionOf(branch!.span.source, branch!.span.start)).toEqual({ line: 2, column: 3 });
  });
});
