/** The examples of specs/language.md compile, but for what its last section says is not compiled yet. */
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { fences } from "../grammar/examples.ts";
import { folderHost } from "./compile-files.ts";

const [blocks = "", kernels = "", superResolution = "", classifier = ""] = fences("repq");

function codesOf(text: string, others: Readonly<Record<string, string>> = {}): readonly string[] {
  const files = { "main.repq": text, ...others };
  return compile({ file: "main.repq" }, folderHost(files)).diagnostics.map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

describe("the examples of the language", () => {
  it("are blocks", () => {
    expect(codesOf(blocks)).toEqual([]);
  });

  it("are kernels", () => {
    expect(codesOf(kernels)).toEqual([]);
  });

  it("are a model for super-resolution, with its kernels imported", () => {
    const third =
      "kernel SobelY = [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]\nkernel Laplacian = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]\n";
    expect(codesOf(superResolution, { "kernels.repq": kernels + third })).toEqual([]);
  });

  it("are a classifier with its policy and recipe", () => {
    const block = blocks.slice(0, blocks.indexOf("/// QARepVGG"));
    expect(codesOf(`${block}\n${classifier}`)).toEqual([]);
  });
});
