/** Rule S15: whatever multiplies work has a ceiling; beyond it there is a diagnostic, before anything is unrolled. */
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import { codesOf, compileFiles, expectPresentable } from "./compile-files.ts";

const mine = "block Mine => conv(3x3) { branch dense = conv(3x3) -> bn }\n";
const input = "input image: image[32, 32, 3]";

function net(flow: string, head = ""): string {
  return `${mine}${head}\nmodel Net { ${input}\n output image -> ${flow} }`;
}

function repeated(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("\n");
}

/** Codes of the errors, of checking and of compiling `Net`. */
function errorsOf(text: string): readonly string[] {
  const both = [{}, { entry: "Net" }].flatMap((request) => {
    const { diagnostics } = compileFiles(text, request);
    expectPresentable(diagnostics);
    return diagnostics.filter(isError);
  });
  return codesOf({ diagnostics: both });
}

describe("a number beyond its limit", { timeout: 30_000 }, () => {
  it.each([
    ["repeats", net("Mine(8) * 1000000000"), "limit/repeat"],
    ["copies", `block Net => conv(1x1) { branch a[100000] = conv(1x1) }`, "limit/repeat"],
    [
      "repeats in a branch",
      net("B(8)", "block B => conv(1x1) { branch a = bn * 2000 }"),
      "limit/repeat",
    ],
    ["channels", net("Mine(1000000)"), "limit/channels"],
    ["channels of a tile", net("tile(60000)"), "limit/channels"],
    [
      "channels of a depthwise",
      net(
        "B(8)",
        "block B => conv(1x1) { branch a = depthwise(1x1, multiplier: 60000) -> conv(1x1) }",
      ),
      "limit/channels",
    ],
    ["a kernel", net("conv(1000000x1000000)"), "limit/kernel"],
    ["a kernel with dilation", net("conv(3x3, dilation: 200)"), "limit/kernel"],
    [
      "a promise with dilation",
      net("B(8)", "block B => conv(3x3, dilation: 200) { branch a = conv(1x1) }"),
      "limit/kernel",
    ],
    [
      "a derived promise",
      net("B(8)", "block B => conv { branch a = conv(3x3) * 200 }"),
      "limit/kernel",
    ],
    [
      "a window",
      net("B(8)", "block B => conv { branch a = conv(1x1) -> avg(999) }"),
      "limit/kernel",
    ],
    ["a dilation", net("conv(1x1, dilation: 100000)"), "type/out-of-range"],
    [
      "a stride",
      net("B(8)", "block B => conv(3x3, stride: 1000000) { branch a = conv(3x3) }"),
      "type/out-of-range",
    ],
    [
      "a map",
      `model Net { input image: image[1000000, 1000000, 3]\n output image -> global_avg }`,
      "limit/size",
    ],
    [
      "an input's channels",
      `model Net { input image: image[1, 1, 100000]\n output image -> global_avg }`,
      "limit/channels",
    ],
    ["a kernel's numbers", net("tile(20000) -> conv(3x3, out: 60000)"), "limit/size"],
    ["all kernels' numbers", net("conv(31x31, out: 512) -> conv(31x31) * 8"), "limit/size"],
    [
      "a merged kernel's numbers",
      net(
        "B(60000) -> B(60000)",
        "block B => conv(9x9) { branch a = conv(1x1, out: 1) -> conv(1x1) }",
      ),
      "limit/size",
    ],
  ])("%s", (_, text, code) => {
    const found = errorsOf(text);
    expect(found).toContain(code);
    expect(found.filter((one) => one !== code && one !== "config/missing-input")).toEqual([]);
  });

  it("repeats that multiply are counted before they are written out", () => {
    const head = "block A => conv(1x1) { branch a[1000] = conv(1x1) * 1000 }";
    expect(errorsOf(net("A(8) * 1000", head))).toEqual(["limit/nodes"]);
    const steps = repeated(50, () => "-> bn * 1024");
    expect(errorsOf(net(`bn ${steps}`))).toEqual(["limit/nodes"]);
    const block = `block T => conv(1x1) { branch a = conv(1x1)\n then bn ${steps} }`;
    expect(errorsOf(net("T(8)", block))).toEqual(["limit/nodes"]);
  });

  it("a tree of blocks of two branches each, thirty levels high", () => {
    const levels = repeated(30, (level) => {
      const inner = level === 0 ? "conv(1x1)" : `L${level - 1}`;
      return `block L${level} => conv(1x1) { branch a = ${inner}\n branch b = ${inner} }`;
    });
    expect(errorsOf(net("L29(8)", levels))).toEqual(["limit/nodes", "limit/work"]);
  });

  it("blocks that nest deeper than the machine's stack would hold", () => {
    const groups = (inner: string) => "(".repeat(50) + inner + ")".repeat(50);
    const levels = repeated(30, (level) => {
      const inner = level === 0 ? "conv(1x1)" : `L${level - 1}`;
      return `block L${level} => conv(1x1) { branch a = ${groups(inner)} }`;
    });
    expect(errorsOf(net("L29(8)", levels))).toEqual(["limit/depth"]);
  });

  it("two hundred levels of brackets, whatever they are", () => {
    const deep = (inner: string) => "(".repeat(200) + inner + ")".repeat(200);
    for (const text of [
      `block A => conv(${deep("3")}) { branch a = conv(3x3) }`,
      `block A => conv(3x3) { branch a = ${deep("conv(3x3)")} }`,
      `model M { input x: image[8, 8, 3]\n output ${deep("x")} }`,
      `kernel K = ${"[".repeat(200)}1${"]".repeat(200)}`,
    ])
      expect(codesOf(compileFiles(text))).toEqual(["syntax/too-deep"]);
  });

  it("expressions and parameters in what is repeated", () => {
    const sum = Array.from({ length: 2000 }, (_, index) => index).join(", ");
    const head = `block A(k: int = max(${sum})) => conv(1x1) { branch a = conv(1x1) }`;
    expect(errorsOf(net("A(8) * 1000 -> A(8) * 1000", head))).toEqual(["limit/work"]);
    const params = repeated(4000, (index) => `p${index}: int = 1,`);
    const wide = `block A(${params}) => conv(1x1) { branch a = conv(1x1) }`;
    expect(errorsOf(net("A(8) * 1000", wide))).toEqual(["limit/work"]);
  });

  it("many declarations that are each within their limit", () => {
    const blocks = repeated(400, (index) => `block B${index} => conv(1x1) { branch a[1000] = bn }`);
    expect(errorsOf(blocks).filter((code) => code !== "config/unknown-entry")).toEqual([
      "limit/work",
    ]);
  });

  it("selectors times convolutions", () => {
    const selectors = Array.from({ length: 3000 }, (_, index) => `x${index}.**.**.**`).join(", ");
    const policy = `quant Low { weights: lsq(bits: 4)\n at ${selectors} { bn: batch } }`;
    const text = net("Mine(8) * 1000", policy);
    expect(codesOf(compileFiles(text))).toEqual(["limit/work"]);
    expect(codesOf(compileFiles(text, { entry: "Net", policy: "Low" }))).toEqual(["limit/work"]);
  });

  it("files that import files", () => {
    const files = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [
        index === 0 ? "main.repq" : `f${index}.repq`,
        `import { A as B } from "./f${index + 1}.repq"\n${index === 1999 ? "" : ""}block A => conv(1x1) { branch a = conv(1x1) }`,
      ]),
    );
    expect(codesOf(compileFiles(files))).toContain("limit/depth");
  });

  it("problems: a hundred are told", () => {
    const blocks = repeated(
      3000,
      (index) => `block B${index} => conv(1x1) { branch a = b${index} }`,
    );
    const { diagnostics } = compileFiles(blocks);
    expect(diagnostics.length).toBe(100);
    const params = repeated(5000, (index) => `p${index}: int,`);
    const uses = Array.from({ length: 5000 }, (_, index) => `q${index}`).join(", ");
    const wide = `block A(${params}) => conv(max(${uses})) { branch a = conv(1x1) }`;
    expect(compileFiles(wide).diagnostics.length).toBe(100);
  });

  it("a network of the largest size compiles", () => {
    const { program, diagnostics } = compileFiles(net("Mine(8) * 1000 -> Mine(8) * 1000"), {
      entry: "Net",
    });
    expect(diagnostics).toEqual([]);
    expect(program?.weights.length).toBeGreaterThan(2000);
  });
});
