/** What is said of a setting's value names the setting, and all that it may be. */
import { describe, expect, it } from "vitest";
import { compileFiles, expectPresentable } from "./compile-files.ts";

/** The only diagnostic of a file. */
function only(text: string) {
  const { diagnostics } = compileFiles(text);
  expectPresentable(diagnostics);
  expect(diagnostics.map(({ code }) => code)).toHaveLength(1);
  return diagnostics[0]!;
}

const recipe = (setting: string) =>
  only(
    `recipe R { epochs: 10\n batch: 8\n ${setting.startsWith("rate") ? "" : "rate: 0.1\n"} ${setting} }`,
  );
const policy = (settings: string) => only(`quant Q { ${settings} }`);

describe("a recipe", () => {
  it.each([
    ["reestimate: 5", "`reestimate` must be true or false, but this is 5"],
    ["distill: 1", "`distill` must be true or false, but this is 1"],
    ['rate: "fast"', "`rate` must be a number, but this is "],
    ["average: -0.5", "`average` must be above 0 and below 1, but it is -0.5"],
    ["average: 1.5", "`average` must be above 0 and below 1, but it is 1.5"],
    ["average: 1", "`average` must be above 0 and below 1, but it is 1"],
    ["freeze: -0.5", "`freeze` must be above 0 and at most 1, but it is -0.5"],
    ["freeze: 1.5", "`freeze` must be above 0 and at most 1, but it is 1.5"],
    ["optimizer: sgd(momentum: true)", "`momentum` must be a number, but this is true"],
  ])("%s", (setting, text) => {
    expect(recipe(setting).message).toContain(text);
  });

  it("takes both ends of a share that it has", () => {
    expect(
      compileFiles("recipe R { epochs: 1\n batch: 8\n rate: 0.1\n freeze: 1 }").diagnostics,
    ).toEqual([]);
  });

  it("may have a warm-up in front of a schedule, not as one", () => {
    expect(recipe("schedule: linear").help).toBe(
      "it may be `cosine` or `constant`, alone or as in `warmup(epochs: 5) -> cosine`",
    );
  });
});

describe("a policy", () => {
  it("names what `sampled` needs", () => {
    const { message, help } = policy("bn: sampled");
    expect(message).toBe("`sampled` needs `images` or `lattice`");
    expect(help).toBe("write `sampled(images: 0.25)` or `sampled(lattice: 4)`");
  });

  it.each([
    ["at last(0) { bn: frozen }", "`last(n)` must be a whole number of at least 1, but this is 0"],
    ["at first(true) { bn: frozen }", "`first(n)` must be a number, but this is true"],
    ["weights: lsq(bits: true)", "`bits` must be a number, but this is true"],
    ["bn: sampled(lattice: true)", "`lattice` must be a number, but this is true"],
  ])("%s", (settings, text) => {
    expect(policy(settings).message).toContain(text);
  });
});
