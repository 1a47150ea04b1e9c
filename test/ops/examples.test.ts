import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { isError } from "../../compiler/diagnostics/index.ts";
import { opByName, ops } from "../../compiler/ops/index.ts";
import { parse, print } from "../../grammar/index.ts";
import { textHost } from "../support/compile-text.ts";

const laplacian = "kernel Laplacian = [[0, 1, 0], [1, -4, 1], [0, 1, 0]]";
const sobel = "kernel SobelX = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]";

/** A file around an example: `then ...` and affine chains in a block, everything else in a model. */
function fileAround(example: string): { text: string; entry: string; shape: readonly number[] } {
  const names = [...example.matchAll(/[a-z_]+/g)].map(([name]) => name);
  const isBranch = names.every((name) => opByName.get(name)?.kind !== "map" && name !== "dense");
  const count = example.startsWith("concat(slice") ? 8 : 4;
  const members = example.startsWith("then ") ? `branch only = conv(3x3)\n  ${example}` : isBranch ? `branch only = ${example}` : undefined; // prettier-ignore
  const kernels = [laplacian, sobel].filter((text) => example.includes(text.split(" ")[1]!));
  const flow = example.startsWith("luma ") ? example : `luma -> ${example}`;
  const declaration =
    members === undefined
      ? `model Sample() {\n  input luma: image[8, 8, 4]\n  output ${flow}\n}`
      : `block Sample() => conv {\n  ${members}\n}`;
  const text = [...kernels, declaration].join("\n\n");
  return {
    text,
    entry: members === undefined ? "Sample" : `Sample(${count})`,
    shape: [8, 8, count],
  };
}

describe.each(ops.map((op) => [op.name, op] as const))("L6: the example of %s", (name, op) => {
  const { text, entry, shape } = fileAround(op.example);
  const source = { path: "sample.repq", text };
  const parsed = parse(source);

  it("parses and uses the op", () => {
    expect(parsed.problems).toEqual([]);
    expect(op.example).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it("formats to itself", () => {
    const formatted = print(parsed.file);
    expect(formatted).toContain(op.example);
    expect(print(parse({ ...source, text: formatted }).file)).toBe(formatted);
  });

  it("compiles", () => {
    const isBlock = entry.includes("(");
    const request = { file: "sample.repq", entry, ...(isBlock && { shape }) };
    const { program, diagnostics } = compile(request, textHost(text));
    expect(diagnostics.filter(isError).map(({ message }) => message)).toEqual([]);
    expect(program?.train.instructions.length).toBeGreaterThan(1);
  });

  it("has a sentence of documentation for itself and every parameter", () => {
    for (const doc of [op.doc, ...Object.values(op.params as Record<string, { doc: string }>).map((param) => param.doc)]) expect(doc).toMatch(/^[A-Z].+\.$/); // prettier-ignore
  });
});
