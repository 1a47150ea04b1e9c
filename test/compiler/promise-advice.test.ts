/** What is said of a promise that its branches break: in the words of the spec, and advice that is true. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import { textOf } from "../../grammar/source.ts";
import { compileFiles, expectPresentable } from "./compile-files.ts";

function errorsIn(text: string) {
  const { diagnostics } = compileFiles(text);
  expectPresentable(diagnostics);
  return diagnostics.filter(isError);
}

const only = (text: string) => {
  const errors = errorsIn(text);
  expect(errors).toHaveLength(1);
  return errors[0]!;
};
const block = (promise: string, branch: string) =>
  `block Mine => ${promise} {\n branch a = ${branch}\n}`;

describe("a promise without a size", () => {
  it.each([
    ["conv(dilation: 2)", "conv(2x2, dilation: 3)", "promise `conv`, which"],
    ["conv(dilation: 3)", "conv(1x1) -> avg(2x2)", "promise `conv`, which"],
    ["conv(dilation: 2)", "conv(3x3, dilation: 3)", "promise `conv`, which"],
    ["conv(dilation: 4, stride: 2)", "conv(3x3, dilation: 6)", "promise `conv(dilation: 2, stride: 2)`, which"],
  ])("%s with %s is told by its dilation", (promise, branch, help) => {
    const found = only(block(promise, branch));
    const dilation = /dilation: (\d)/.exec(promise)?.[1];
    expect(found.code).toBe("merge/off-lattice");
    expect(found.message).toBe(
      `branch \`a\` has taps between those of \`conv(dilation: ${dilation})\``,
    );
    expect(found.related).toMatchObject([{ label: `the block promises taps ${dilation} apart` }]);
    expect(found.help).toContain(help);
  }); // prettier-ignore

  it.each([
    ["conv(4x4)\n branch b = conv(3x3)", "conv(3x3)"],
    ["(conv(2x2) + conv(3x3, anchor: 1x1))", "conv(2x2)"],
    ["conv(3x3, dilation: 3)\n branch b = conv(2x2, dilation: 3)", "conv(2x2, dilation: 3)"],
  ])("has no middle where its branches have none: %s", (branches, underlined) => {
    const { code, message, help, related, span } = only(block("conv", branches));
    expect(code).toBe("merge/parity");
    expect(message).toMatch(/cannot be centred in `conv`$/);
    expect(help).toContain("as in `conv(2x2, anchor: 1x1)`, or");
    expect(related).toMatchObject([
      { label: "the block promises no size: it takes that of its branches" },
    ]);
    expect(span && textOf(span)).toBe(underlined);
  });

  it("nor has a sum outside a block, where nothing is promised", () => {
    const flow = "x -> (conv(2x2, out: 4) + conv(3x3, out: 4))";
    const found = only(`model Net { input x: image[8, 8, 4]\n output ${flow} }`);
    expect(found).toMatchObject({
      code: "merge/parity",
      related: [{ label: "this becomes one convolution" }],
    });
  });

  it("has a whole size where it is larger than the map", () => {
    const mine = block("conv(pad: 0)", "(conv(2x2) + conv(3x3, anchor: 1x1))");
    const errors = errorsIn(`${mine}\nmodel Net { input x: image[2, 2, 4]\n output x -> Mine(4) }`);
    expect(errors.map(({ label }) => label)).toContain("a 4x4 kernel is larger than the map");
  });
});

describe("the promise that is advised", () => {
  it.each([
    ["conv(3x3, dilation: 2)", "(conv(3x3, dilation: 1) + conv(2x2, dilation: 1))", "conv(5x5)"],
    ["conv(3x3, dilation: 6)", "conv(3x3, dilation: 4)", "conv(7x7, dilation: 2)"],
    ["conv(3x3, dilation: 6)", "(conv(3x3, dilation: 3) + conv(2x2, dilation: 3))", "conv(5x5, dilation: 3)"],
    ["conv(3x3, dilation: 2, stride: 2, anchor: 1x2)", "conv(2x2, dilation: 1, anchor: 1x1)", "conv(5x5, stride: 2, anchor: 1x3)"],
  ])("%s has the taps of %s", (promise, branch, whole) => {
    expect(only(block(promise, branch))).toMatchObject({
      code: "merge/off-lattice",
      help: expect.stringContaining(`or promise \`${whole}\`, which has taps there too`),
    });
  }); // prettier-ignore

  it.each([
    ["conv(3x3, stride: 2, groups: 3)", "conv(5x5)", "conv(5x5, stride: 2, groups: 3)"],
    ["depthwise(3x3, 2, bias: true)", "depthwise(5x5)", "depthwise(5x5, stride: 2, bias: true)"],
    ["conv(3x3, groups: in / 4)", "conv(5x5)", "conv(5x5, groups: in / 4)"],
    ["conv(3x3, pad: 0)", "conv(5x5)", "conv(5x5, pad: 1)"],
    ["conv(1x9)", "conv(3x3)", "conv(3x9)"],
    ["conv(3x3)", "conv(5x5, anchor: 1x1)", "conv(6x6, anchor: 2x2)"],
    ["conv(3x3, dilation: 4)", "conv(7x7, dilation: 2)", "conv(7x7, dilation: 2)"],
    ["conv(3x3, dilation: 3)", "conv(7x7, dilation: 6)", "conv(13x13, dilation: 3)"],
    ["conv(4x4)", "conv(5x5, anchor: 1x1)", "conv(5x5, anchor: 1x1)"],
    ["conv(2x2)", "conv(3x3) -> conv(2x2) -> conv(2x2, anchor: 1x1) -> conv(2x2)", "conv(6x6, anchor: 3x3)"],
    ["conv(2x2)", "conv(2x2) -> conv(2x2, anchor: 1x1)", "conv(4x4)"],
  ])("%s has room for %s", (promise, branch, whole) => {
    const { code, help } = only(block(promise, branch));
    expect(code).toBe("merge/branch-too-wide");
    expect(help).toBe(`make the block \`=> ${whole}\`, or use smaller kernels in the branch`);
    expect(errorsIn(block(whole, branch))).toEqual([]);
  }); // prettier-ignore

  it("has an anchor beside all that it says", () => {
    const { code, help } = only(block("conv(6x6, dilation: 2, stride: 2)", "conv(3x3)"));
    expect(code).toBe("merge/parity");
    expect(help).toContain("`=> conv(6x6, dilation: 2, stride: 2, anchor: 3x3)`");
  });

  const kernel = fc
    .record({
      side: fc.integer({ min: 1, max: 5 }),
      dilation: fc.integer({ min: 1, max: 4 }),
      anchor: fc.option(fc.nat(4)),
    })
    .map(({ side, dilation, anchor }) => {
      const tap = anchor === null ? "" : `, anchor: ${(anchor % side) + 1}x1`;
      return `conv(${side}x${side}, dilation: ${dilation}${tap})`;
    });
  const chain = fc.array(kernel, { minLength: 1, maxLength: 3 }).map((steps) => steps.join(" -> "));
  const branches = fc.oneof(chain, fc.tuple(chain, chain).map(([a, b]) => `(${a} + ${b})`)); // prettier-ignore

  it("holds any branch that was too wide or off its taps", () => {
    fc.assert(
      fc.property(kernel, branches, (promise, branch) => {
        const advised = errorsIn(block(promise, branch)).flatMap(({ code, help = "" }) =>
          ["merge/branch-too-wide", "merge/off-lattice"].includes(code)
            ? [[code, /(?:=> |or promise `)(conv\(.*?\))`/.exec(help)?.[1] ?? ""]]
            : [],
        );
        for (const [code, whole = ""] of advised) {
          const still = errorsIn(block(whole, branch)).map((one) => one.code);
          expect(still).not.toContain(code);
          if (code === "merge/branch-too-wide") expect(still).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("a block inside a branch", () => {
  const inner = "block Inner => conv(3x3) { branch a = conv(3x3, dilation: 1) -> bn }\n";

  it.each(["Inner(out)", "conv(1x1) -> Inner", "(conv(3x3) + Inner)"])(
    "is what is underlined of `%s`, as its text is not at fault",
    (branch) => {
      const { code, span, label, related, help } = only(
        inner + block("conv(5x5, dilation: 2)", branch),
      );
      expect(code).toBe("merge/off-lattice");
      expect(span && textOf(span)).toMatch(/^Inner/);
      expect(span?.start).toBeGreaterThan(inner.length);
      expect(label).toBe("has taps 1 apart");
      expect(related.map((one) => [textOf(one.span), one.label])).toEqual([
        ["conv(3x3, dilation: 1)", "the taps of this `conv`"],
        [
          "conv(5x5, dilation: 2)",
          "the block promises a 5x5 kernel of dilation 2, which reaches 9x9",
        ],
      ]);
      expect(help).toBe(
        "give `Inner` a `dilation: 2` too, or promise `conv(9x9)`, which has taps there too",
      );
    },
  );

  it("in a block inside a branch is told by the one that stands there", () => {
    const middle = "block Middle => conv(3x3) { branch a = Inner }\n";
    const { span, help } = only(inner + middle + block("conv(5x5, dilation: 2)", "Middle -> bn"));
    expect(span && textOf(span)).toBe("Middle");
    expect(help).toContain("give `Middle` a `dilation: 2` too");
  });

  it("that breaks its own promise is told by its step", () => {
    const broken = inner.replace("conv(3x3) {", "conv(3x3, dilation: 2) {");
    const text = `${broken}${block("conv(5x5, dilation: 2)", "Inner")}`;
    for (const { span } of errorsIn(text))
      expect(span && textOf(span)).toBe("conv(3x3, dilation: 1)");
    expect(errorsIn(text)).not.toEqual([]);
  });

  it("with kernels that share no tap of the promise is underlined too", () => {
    const sum = "(conv(2x2, dilation: 2) + conv(3x3, dilation: 2))";
    const shared = `block Inner => conv(5x5) { branch a = ${sum} -> bn }\n`;
    const { code, span, related } = only(shared + block("conv(5x5, dilation: 2)", "Inner(out)"));
    expect(code).toBe("merge/parity");
    expect(span && textOf(span)).toBe("Inner(out)");
    expect(related[0]).toMatchObject({ label: "reaches 3x3" });
  });
});
