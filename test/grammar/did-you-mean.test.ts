import { describe, expect, it } from "vitest";
import { didYouMean } from "../../grammar/index.ts";

describe("didYouMean", () => {
  it.each([
    ["brunch", "branch"],
    ["modle", "model"],
    ["Branch", "branch"],
    ["kernl", "kernel"],
    ["xyz", undefined],
    ["a", undefined],
    ["then", "then"],
  ])("%s: %s", (word, expected) => {
    expect(didYouMean(word, ["branch", "model", "kernel", "then"])).toBe(expected);
  });

  it("prefers the nearest", () => {
    expect(didYouMean("convs", ["cons", "conv", "convx"])).toBe("cons");
    expect(didYouMean("conv2", ["cnv", "conv"])).toBe("conv");
  });
});
