import { describe, expect, it } from "vitest";
import { enumerate, suggest } from "../../compiler/diagnostics/index.ts";

const ops = ["conv", "avg", "bn", "relu", "prelu", "identity", "batch"];

describe("suggest", () => {
  it.each([
    ["cnv", "conv"],
    ["ocnv", "conv"],
    ["Conv", "conv"],
    ["rleu", "relu"],
    ["identiy", "identity"],
    ["batchsize", "batch"],
    ["ident", "identity"],
  ])("takes %s for %s", (written, meant) => {
    expect(suggest(written, ops)).toBe(meant);
  });

  it("guesses nothing from far away, from the name itself, or from a novel", () => {
    expect(suggest("softmax", ops)).toBeUndefined();
    expect(suggest("conv", ["conv"])).toBeUndefined();
    expect(suggest("c".repeat(100_000), ["c".repeat(99_999)])).toBeUndefined();
  });
});

describe("enumerate", () => {
  it("lists as a sentence does", () => {
    expect(enumerate([], "or")).toBeUndefined();
    expect(enumerate(["a"], "or")).toBe("`a`");
    expect(enumerate(["", "a"], "or")).toBe("`a`");
    expect(enumerate(["a", "b", "c"], "and")).toBe("`a`, `b` and `c`");
  });

  it("says how many more there are", () => {
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    expect(enumerate(names, "or")).toMatch(/^`n0`, .*, `n15` or 4 more$/);
  });
});
