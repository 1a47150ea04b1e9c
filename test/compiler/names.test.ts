/** Names and files: what a file may refer to, and what is said where it may not. */
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import { codesOf, compileFiles, expectPresentable } from "./compile-files.ts";

const mine = "block Mine => conv(3x3) { branch dense = conv(3x3) -> bn }\n";
const net = (body: string) =>
  `model Net(scale: int = 2) { input image: image[8, 8, 4]\n ${body} }\n`;

function check(files: string | Readonly<Record<string, string>>) {
  const compiled = compileFiles(files);
  expectPresentable(compiled.diagnostics);
  return codesOf(compiled);
}

describe("a file by itself", () => {
  it.each([
    ["is empty", ""],
    ["has only comments", "// nothing\n/// nothing\n"],
    ["has a byte order mark", `\uFEFF${mine}`],
    ["has Windows line ends", mine.replaceAll(" {", " {\r\n").replaceAll("\n", "\r\n")],
    ["has a parameter called like an op", net("output image -> conv(1x1, out: scale) -> bn")],
    [
      "has a parameter called like a kernel",
      `kernel K = [[1]]\nblock A(K: int = 3) => conv(K) { branch a = conv(K) }`,
    ],
    [
      "uses an earlier parameter in a default",
      "block A(a: int = 1, b: int = a + 1) => conv(3x3) { branch a = conv(1x1, out: b) -> conv(3x3)\n branch d = conv(3x3) }",
    ],
    [
      "chooses an activation with arguments",
      `block A(act: activation = prelu(init: 0.1)) => conv(1x1) { branch a = conv(1x1)\n then act }`,
    ],
  ])("%s", (_, text) => {
    expect(check(text)).toEqual([]);
  });

  it.each([
    [
      "a declaration called like an op",
      "block conv => conv(1x1) { branch a = conv(1x1) }",
      "name/reserved",
    ],
    ["a declaration called like a function", "kernel max = [[1]]", "name/reserved"],
    [
      "a parameter called `in`",
      "block A(in: int) => conv(1x1) { branch a = conv(1x1) }",
      "name/reserved",
    ],
    [
      "an activation called like an op",
      "block A(bn: activation) => conv(1x1) { branch a = conv(1x1) }",
      "name/reserved",
    ],
    ["two declarations of one name", mine + mine, "name/duplicate"],
    [
      "two parameters of one name",
      "block A(a: int, a: int) => conv(1x1) { branch a = conv(1x1) }",
      "name/duplicate",
    ],
    [
      "a binding called like the input",
      net("image = image -> bn\n output image"),
      "name/duplicate",
    ],
    [
      "a binding called like a parameter",
      net("scale = image -> bn\n output scale"),
      "name/duplicate",
    ],
    ["an argument given twice", net("output image -> conv(1x1, size: 3x3)"), "name/duplicate"],
    [
      "a setting given twice",
      "recipe R { epochs: 1\n epochs: 2\n batch: 1\n rate: 1 }",
      "name/duplicate",
    ],
    [
      "two inputs",
      "model Net { input a: image[8, 8, 4]\n input b: image[8, 8, 4]\n output a + b }",
      "name/duplicate",
    ],
    ["two outputs", net("output image\n output image"), "name/duplicate"],
    [
      "a binding used before its line",
      net("a = b -> bn\n b = image -> bn\n output a + b"),
      "name/unknown-name",
    ],
    ["a binding that uses itself", net("a = a -> bn\n output a"), "name/unknown-name"],
    [
      "bindings that only use each other",
      net("a = image -> bn\n b = a -> bn\n output image"),
      "name/unused",
    ],
    [
      "a default that uses itself",
      "block A(a: int = a) => conv(1x1) { branch a = conv(1x1) }",
      "name/unknown-name",
    ],
    [
      "a default that uses a later parameter",
      "block A(a: int = b, b: int = 1) => conv(1x1) { branch a = conv(1x1) }",
      "name/unknown-name",
    ],
    ["an unknown name in a table", "kernel K = [[k]]", "name/unknown-name"],
    [
      "an unknown name in an input",
      "model Net { input image: image[side, 8, 4]\n output image }",
      "name/unknown-name",
    ],
    ["an unknown name in a policy", "quant Q { weights: lsq(bits: few) }", "name/unknown-name"],
    [
      "an unknown name in a recipe",
      "recipe R { epochs: many\n batch: 1\n rate: 1 }",
      "name/unknown-name",
    ],
    [
      "a function without arguments",
      "block A => conv(max) { branch a = conv(1x1) }",
      "name/unknown-name",
    ],
    [
      "an affine op as a value",
      "block A(act: activation = bn) => conv(1x1) { branch a = conv(1x1) }",
      "name/wrong-kind",
    ],
    ["a number as a step", "block A(k: int = 1) => conv(1x1) { branch a = k }", "name/wrong-kind"],
    [
      "a number as a step of a model",
      "model M(wide: int = 2) { input image: image[8, 8, 4]\n output image -> wide }",
      "name/wrong-kind",
    ],
    ["a model as a step", net("output image -> Net"), "name/wrong-kind"],
    [
      "a misspelt argument of an activation",
      "block A(act: activation = prelu(int: 1)) => conv(1x1) { branch a = conv(1x1)\n then act }",
      "name/unknown-argument",
    ],
    [
      "an argument of a parameter",
      "block A(act: activation = prelu) => conv(1x1) { branch a = conv(1x1)\n then act(1) }",
      "type/unexpected-argument",
    ],
    [
      "an unknown argument of a promise",
      "block A => conv(1x1, padding: 1) { branch a = conv(1x1) }",
      "name/unknown-argument",
    ],
    [
      "a block that contains itself, through another",
      "block A => conv(1x1) { branch a = B }\nblock B => conv(1x1) { branch a = A }",
      "name/recursion",
    ],
    [
      "a range from more to less",
      "block A(a: 8..1 = 2) => conv(1x1) { branch a = conv(1x1) }",
      "type/out-of-range",
    ],
    [
      "a name that is not ASCII",
      "block Über => conv(1x1) { branch a = conv(1x1) }",
      "syntax/unexpected-character",
    ],
  ])("refuses %s", (_, text, code) => {
    expect(check(text)).toEqual([code]);
  });
});

it("what stands behind a syntax problem on its line is not told", () => {
  expect(check(net("one = image -> bn\n two = image -> bn + one\n output one + two"))).toEqual([
    "syntax/bare-sum",
  ]);
});

describe("files that import each other (S13)", () => {
  const block = (name: string, inner = "conv(3x3)") =>
    `block ${name} => conv(3x3) { branch dense = ${inner} }\n`;

  it("a diamond is read once", () => {
    const files = {
      "main.repq": `import { A } from "./a.repq"\nimport { B } from "./b.repq"\n${net("output image -> A(4) -> B(4)")}`,
      "a.repq": `import { C } from "./c.repq"\n${block("A", "C")}`,
      "b.repq": `import { C } from "./c.repq"\n${block("B", "C")}`,
      "c.repq": block("C"),
    };
    expect(check(files)).toEqual([]);
    expect(compileFiles(files, { entry: "Net" }).program).toBeDefined();
  });

  it("a block finds the kernels of its own file, under another name too", () => {
    const files = {
      "main.repq": `import { A as Mine } from "./a.repq"\nkernel K = [[1, 2], [3, 4]]\n${net("output image -> Mine(4)")}`,
      "a.repq": `kernel K = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]\n${block("A", "filter(K)")}`,
    };
    const { model, diagnostics } = compileFiles(files, { entry: "Net" });
    expect(diagnostics.filter(isError)).toEqual([]);
    expect(model?.model.nodes.find((node) => node.kind === "island")?.label).toBe("A");
  });

  it("blocks of one name in two files are two blocks", () => {
    const files = {
      "main.repq": `import { A as Other } from "./a.repq"\n${block("A", "Other")}`,
      "a.repq": block("A"),
    };
    expect(check(files)).toEqual([]);
  });

  it.each([
    [
      "three files in a circle",
      {
        "main.repq": 'import { A } from "./a.repq"',
        "a.repq": 'import { B } from "./b.repq"',
        "b.repq": 'import { C } from "./main.repq"',
      },
      "name/import-cycle",
    ],
    [
      "a file that imports itself",
      { "main.repq": 'import { A } from "./main.repq"' },
      "name/import-cycle",
    ],
    [
      "what another file only imports",
      {
        "main.repq": 'import { C } from "./a.repq"',
        "a.repq": 'import { C } from "./c.repq"',
        "c.repq": block("C"),
      },
      "name/unknown-export",
    ],
    [
      "one name twice",
      { "main.repq": 'import { C, C } from "./c.repq"', "c.repq": block("C") },
      "name/duplicate",
    ],
    [
      "a name that is declared here too",
      { "main.repq": `import { C } from "./c.repq"\n${block("C")}`, "c.repq": block("C") },
      "name/duplicate",
    ],
    [
      "under the name of an op",
      { "main.repq": 'import { C as conv } from "./c.repq"', "c.repq": block("C") },
      "name/reserved",
    ],
    ["a folder above", { "main.repq": 'import { C } from "../c.repq"' }, "name/import-outside"],
    ["nothing", { "main.repq": 'import { C } from ""' }, "name/missing-file"],
  ])("refuses %s", (_, files, code) => {
    expect(check(files as Record<string, string>)).toContain(code);
  });

  it("what comes of a lost import is not told again", () => {
    const files = {
      "main.repq": `import { A, K } from "./a.repq"\nblock B => conv(max(3, 1)) { branch a = A\n branch b = conv(1x1) -> filter(K) }\n${net("output image -> B(4) -> A(4)")}`,
    };
    expect(check(files)).toEqual(["name/missing-file"]);
  });
});

describe("what is asked for from outside", () => {
  const text = `${mine}${net("output image -> Mine(4) -> conv(1x1, out: scale)")}quant Q(bits: 2..8 = 4) { weights: lsq(bits: bits) }\n`;

  it.each([
    [{ entry: "Nett" }, "config/unknown-entry"],
    [{ entry: "Q" }, "config/unknown-entry"],
    [{ entry: "Net(" }, "syntax/unclosed"],
    [{ entry: "Net(scales: 3)" }, "name/unknown-parameter"],
    [{ entry: "Net(3, 4)" }, "type/unexpected-argument"],
    [{ entry: "Net(width)" }, "name/unknown-name"],
    [{ entry: "Net(in)" }, "type/not-constant"],
    [{ entry: "Net(conv -> bn)" }, "type/mismatch"],
    [{ entry: "Net(0.5)" }, "type/out-of-range"],
    [{ entry: "Mine(8)" }, "config/missing-input"],
    [{ entry: "Mine(8)", shape: [8, 8] }, "config/unknown-option-value"],
    [{ entry: "Mine(8)", shape: [0, 8, 8] }, "config/unknown-option-value"],
    [{ entry: "Mine(8)", shape: [8, NaN, 8] }, "config/unknown-option-value"],
    [{ entry: "Mine(8, k: 3)", shape: [8, 8, 8] }, "name/unknown-parameter"],
    [{ entry: "Net", shape: [8, 8, 3] }, "shape/input"],
    [{ entry: "Net", shape: [-8, 8, 4] }, "shape/input"],
    [{ entry: "Net", policy: "P" }, "config/unknown-policy"],
    [{ entry: "Net", policy: "Q(bit: 3)" }, "name/unknown-parameter"],
    [{ entry: "Net", policy: "Q(9)" }, "type/out-of-range"],
  ])("%j", (request, code) => {
    const { diagnostics, program } = compileFiles(text, request);
    expect(codesOf({ diagnostics })).toEqual([code]);
    expect(program).toBeUndefined();
  });

  it("a missing file", () => {
    expect(codesOf(compileFiles({}, { entry: "Net" }))).toEqual(["artefact/missing-file"]);
  });
});
