/** Settings that are allowed, but cannot be meant, are warnings; what can be meant is silent. */
import { describe, expect, it } from "vitest";
import { compileRecipe } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import { codesOf, compileFiles, expectPresentable, folderHost } from "./compile-files.ts";

const mine = "block Mine => conv(3x3) { branch dense = conv(3x3) -> conv(1x1) -> bn }\n";

/** Of a policy on a model. */
function told(flow: string, settings: string) {
  const text = `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant Q { ${settings} }`;
  const { program, diagnostics } = compileFiles(text, { entry: "Net", policy: "Q" });
  expectPresentable(diagnostics);
  expect(diagnostics.some(isError)).toBe(false);
  expect(program).toBeDefined();
  return diagnostics.filter(({ code }) => code !== "quant/float-merge");
}

const usual = "weights: lsq(bits: 4)\n activations: lsq(bits: 4)";
const unsigned = "weights: lsq(bits: 4)\n activations: lsq(bits: 4, signed: false)";

describe("activations without a sign", () => {
  it.each([
    ["an image", "output x -> Mine(4)", []],
    ["what is made of an image", "output x -> max_pool(3x3) -> tile(2) -> Mine(4)", []],
    ["a sum of an image and what was cut off", "output (x -> relu) + x -> Mine(4)", []],
    ["behind relu", "output x -> Mine(4) -> relu -> Mine(4)", []],
    ["behind prelu", "output x -> prelu -> Mine(4)", ["output.1.input"]],
    ["a mean", "output x -> Mine(4) -> global_avg", ["output.1.input"]],
    ["several", "output x -> Mine(4) -> Mine(4) -> Mine(4)", ["output.1.input` and 1 other place"]],
    [
      "a sum",
      "a = x -> Mine(4)\n output x + a -> Mine(4) -> Mine(4)",
      ["output.0.input` and 1 other place"],
    ],
  ])("%s", (_, flow, expected) => {
    const found = told(flow, unsigned);
    expect(found.map(({ code }) => code)).toEqual(expected.map(() => "quant/clipped-activations"));
    for (const [index, text] of expected.entries()) {
      expect(found[index]?.message).toContain(`quantizes without a sign at \`${text}`);
    }
    expect(told(flow, usual)).toEqual([]);
  });

  it("inside of branches, where nothing keeps numbers above 0", () => {
    const [found, ...others] = told("output x -> Mine(4)", `${unsigned}\n on: branches`);
    expect(others).toEqual([]);
    expect(found?.message).toContain("at `output.0.dense.1.input` of `Net`");
  });

  it("is told of the one model that has such a place", () => {
    const text =
      `${mine}model Good { input x: image[8, 8, 4]\n output x -> Mine(4) }\n` +
      `model Bad { input x: image[8, 8, 4]\n output x -> Mine(4) -> Mine(4) }\nquant Q { ${unsigned} }`;
    const found = compileFiles(text).diagnostics;
    expect(codesOf({ diagnostics: found })).toEqual(["quant/clipped-activations"]);
    expect(found[0]?.message).toContain("of `Bad`");
  });

  it("of a sum's operands", () => {
    const flow = "a = x -> Mine(4)\n output x + a";
    const [found] = told(flow, `${usual}\n sums: lsq(bits: 8, signed: false)`);
    expect(found?.message).toMatch(/at `output\.\w+\.right` of `Net`/);
    expect(told(flow, `${usual}\n sums: lsq(bits: 8)`)).toEqual([]);
  });

  it("is said once of many residual blocks, quickly", () => {
    const flow = `output x -> (Mine(4) + id) * 60`;
    const { diagnostics } = compileFiles(
      `${mine}model Net { input x: image[8, 8, 4]\n ${flow} }\nquant Q { ${unsigned} }`,
    );
    expect(diagnostics.length).toBeLessThanOrEqual(1);
  });
});

describe("weights without a sign", () => {
  it.each([
    ["of the whole policy", "weights: lsq(bits: 4, signed: false)\n activations: none"],
    ["of an `at`", `${usual}\n at first { weights: lsq(bits: 8, signed: false) }`],
  ])("%s are told where that is said", (_, settings) => {
    const [found, ...others] = told("output x -> conv(1x1)", settings);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: "quant/unsigned-weights", severity: "warning" });
    const { source, start, end } = found!.span!;
    expect(source.text.slice(start, end)).toMatch(/^lsq\(bits: \d, signed: false\)$/);
  });
});

describe("statistics where nothing is normalized", () => {
  const merged = `${usual}\n on: after_merge`;

  it("are idle; those of the batch are what holds anyway", () => {
    const [found] = told("output x -> Mine(4)", `${merged}\n bn: estimated`);
    expect(found?.message).toContain("`bn: estimated` changes nothing here");
    const [inside] = told("output x -> Mine(4)", `${merged}\n at first { bn: frozen }`);
    expect(inside?.message).toContain("`bn: frozen` changes nothing here");
    expect(told("output x -> Mine(4)", `${merged}\n bn: batch`)).toEqual([]);
    expect(told("output x -> Mine(4)", `${usual}\n bn: estimated`)).toEqual([]);
  });
});

describe("a warm-up", () => {
  const recipe = (params: string) =>
    `recipe R${params} { epochs: epochs\n batch: 8\n rate: 0.1\n schedule: warmup(epochs: 5) -> cosine }`;
  const read = (epochs: number, call = "R") => {
    const host = folderHost({ "main.repq": recipe(`(epochs: int = ${epochs})`) });
    return compileRecipe({ file: "main.repq", recipe: call }, host).diagnostics;
  };

  it("that never ends is told, with how far the rate comes", () => {
    expect(read(5)).toEqual([]);
    const [found, ...others] = read(2);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code: "config/endless-warmup", severity: "warning" });
    expect(found?.message).toContain("does not end within 2: the rate comes to 40%");
  });

  it("of a recipe that was shortened on purpose is not", () => {
    expect(read(10, "R(2)")).toEqual([]);
  });

  it("is not judged by a sample of what is not given", () => {
    expect(codesOf(compileFiles(recipe("(epochs: int)")))).toEqual([]);
    expect(codesOf(compileFiles(recipe("(epochs: int = 3)")))).toEqual(["config/endless-warmup"]);
  });
});
