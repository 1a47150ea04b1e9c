/** What messages point at and advise where several mistakes look alike. */
import { describe, expect, it } from "vitest";
import { compileFiles, expectPresentable } from "./compile-files.ts";

/** The only diagnostic of a file. */
function only(text: string) {
  const { diagnostics } = compileFiles(text);
  expectPresentable(diagnostics);
  expect(diagnostics.map(({ code }) => code)).toHaveLength(1);
  return diagnostics[0]!;
}

const branch = (chain: string, promise = "conv(3x3)") =>
  only(`block Mine => ${promise} { branch a = ${chain} }`);
const flow = (text: string) =>
  only(`model Net { input x: image[8, 8, 4]\n y = ${text}\n output y }`);

describe("a kernel that cannot be centred (S2)", () => {
  it.each([
    [
      "an even kernel",
      "conv(2x2)",
      "conv(3x3)",
      "reaches 2x2",
      "as in `conv(2x2, anchor: 1x1)`, or",
    ],
    [
      "an even promise alone",
      "conv(3x3)",
      "conv(4x4)",
      "reaches 3x3",
      "the promise lies over the output, as in `=> conv(4x4, anchor: 2x2)`",
    ],
    [
      "one even kernel of two without an anchor",
      "conv(2x2) -> conv(2x2, anchor: 1x1)",
      "conv(3x3)",
      "reaches 0.5 up, 1.5 down, 0.5 left and 1.5 right",
      "give each even kernel of it an anchor",
    ],
    [
      "an even kernel in a promise with an anchor off its middle",
      "conv(2x2)",
      "conv(3x3, anchor: 1x1)",
      "reaches 0.5 up, 0.5 down, 0.5 left and 0.5 right",
      "give each even kernel of it an anchor",
    ],
    [
      "an even term of a sum, in a branch that is even as a whole",
      "(conv(3x3) + conv(2x2)) -> conv(2x2)",
      "conv(4x4)",
      "reaches 2x2",
      "as in `conv(2x2, anchor: 1x1)`, or",
    ],
  ])("%s", (_, chain, promise, label, help) => {
    const found = branch(chain, promise);
    expect(found.code).toBe("merge/parity");
    expect(found.label).toBe(label);
    expect(found.help).toContain(help);
  });

  it("a promise with an anchor says where it reaches", () => {
    const found = branch("conv(3x3)", "conv(3x3, anchor: 1x1)");
    expect(found.code).toBe("merge/off-anchor");
    expect(found.label).toBe("reaches 1 up, 1 down, 1 left and 1 right of its anchor");
    expect(found.related[0]?.label).toBe(
      "the block promises a 3x3 kernel: 0 up, 2 down, 0 left and 2 right of its anchor",
    );
  });

  it("a block inside a branch is told the same of its own promise", () => {
    const inner = "block Inner => conv(4x4) { branch a = (conv(3x3) + conv(2x2)) -> conv(2x2) }\n";
    const text = `${inner}block Mine => conv(4x4) { branch a = Inner }`;
    const { diagnostics } = compileFiles(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["merge/parity"]);
  });
});

describe("what stands where nothing of its kind may", () => {
  it.each([
    ["stride", "=> conv(3x3, stride: 2)"],
    ["pad", "=> conv(3x3, pad: 0)"],
  ])("%s of an op is the promise's", (name, help) => {
    for (const found of [branch(`conv(3x3, ${name}: 2)`), flow(`x -> conv(3x3, ${name}: 2)`)]) {
      expect(found.code).toBe("name/unknown-argument");
      expect(found.help).toContain(help);
    }
  });

  it("an activation in a sum of ops of a flow follows the sum", () => {
    const found = flow("x -> (relu + conv(1x1))");
    expect(found.message).toBe("`relu` is not affine, so what stands around it cannot be merged");
    expect(found.help).toContain("`-> (a + b) -> relu`");
    expect(branch("conv(3x3) -> relu")).toMatchObject({
      message: "`relu` is not affine, so branch `a` cannot be merged",
      help: "put `relu` after `then`",
    });
  });

  it("an op alone is no flow", () => {
    const advice = (text: string) => /`(.*)`/.exec(flow(text).help ?? "")?.[1];
    expect(flow("relu + x").help).toBe("write what flows into it before it: `(x -> relu)`");
    expect(advice("relu -> conv(1x1)")).toBe("x -> relu");
    expect(flow("conv(1x1) + x")).toMatchObject({ code: "syntax/missing-source" });
    expect(advice("conv(1x1) -> relu")).toBe("x -> conv(...)");
    expect(advice("x + conv(1x1)")).toBe("(x -> conv(...))");
    expect(advice("relu(x)")).toBe("x -> relu");
    expect(advice("x + relu(x)")).toBe("(x -> relu)");
    expect(advice("relu(x) + x")).toBe("(x -> relu)");
    expect(advice("relu(z)")).toBe("x -> relu(...)");
  });

  it("a sum needs parentheses, in a branch and behind an arrow", () => {
    expect(branch("conv(3x3) + conv(1x1) -> bn").help).toBe(
      "write `(a + b) -> c`, or `(a -> b + c -> d)` where whole chains are meant",
    );
    expect(flow("x -> conv(1x1) + x -> relu").help).toContain("`(x -> a) + y` to add two flows");
    expect(flow("x -> conv(1x1) - x").help).toBe(
      "write `x -> (a - b)` to subtract what two ops make of `x`; flows are only added",
    );
  });

  it.each([
    ["concat(conv(3x3))", "`concat` needs two chains or more", "or leave `concat` out"],
    ["split(conv(3x3))", "`split` needs two chains or more", "or leave `split` out"],
    ["concat()", "`concat` needs two chains or more", "write it as in `concat("],
    ["flip()", "`flip` needs a chain", "write it as in `conv(3x3) -> flip("],
  ])("%s", (chain, message, help) => {
    const found = branch(chain);
    expect(found).toMatchObject({ code: "type/too-few-chains", message });
    expect(found.help).toContain(help);
  });
});

describe("an argument that an op does not have, but a promise", () => {
  it.each(["conv(3x3, pad: 1)", "depthwise(3x3, stride: 2)", "avg(3x3, stride: 2)"])(
    "%s",
    (chain) => expect(branch(chain).help).toMatch(/^say it in the promise of a block: /),
  );

  it.each(["max_pool(2x2, pad: 1)", "relu(stride: 2)", "global_avg -> dense(10, pad: 0)"])(
    "%s is no op with taps",
    (chain) => {
      const { code, help = "" } = flow(`x -> ${chain}`);
      expect(code).toBe("name/unknown-argument");
      expect(help).not.toContain("promise");
    },
  );
});

describe("a block that nothing uses", () => {
  it("is told by the sample of channels that comes furthest", () => {
    const found = branch("split(conv(3x3), bn, bn) -> relu");
    expect(found).toMatchObject({ code: "merge/not-affine" });
    const groups = only("block Mine => conv(3x3, groups: 45) { branch a = conv(1x1, out: 3) }");
    expect(groups).toMatchObject({ code: "shape/groups" });
    expect(groups.message).toBe("45 groups do not divide 3 channels");
    expect(groups.related).toMatchObject([{ label: "tried with in = 720, out = 720" }]);
  });

  it("is not told by how far a sample came in another file", () => {
    const main =
      'import { Other } from "./other.repq"\nblock Mine => conv(3x3, groups: 9) { branch a = Other }';
    const other = `${"// far down\n".repeat(50)}block Other(n: int = 7) => conv(3x3, groups: n) { branch a = conv(3x3, groups: n) }`;
    const { diagnostics } = compileFiles({ "main.repq": main, "other.repq": other });
    expect(diagnostics.map(({ code, span }) => [code, span?.source.path])).toEqual([
      ["shape/groups", "main.repq"],
    ]);
  });

  it("is dearer by a factor, not by numbers that nobody asked for", () => {
    const found = branch("conv(3x3)", "conv(5x5, groups: 45)");
    expect(found.label).toBe("takes 2.78 times the multiply-accumulates of the branches");
    expect(found.related).toMatchObject([{ label: "tried with in = 720, out = 720" }]);
  });
});
