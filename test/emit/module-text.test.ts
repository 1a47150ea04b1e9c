/** An emitted module as a text for people and for their compiler. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { check, resolveConfig } from "prettier";
import ts from "typescript";
import { describe, expect, it, onTestFinished } from "vitest";
import { packageRoot } from "../../cli/package-root.ts";
import { programTexts } from "../../cli/program-texts.ts";
import { compileCase, programCases } from "./compile-library.ts";

const wanted = /^RepVGG\(4\)|^Everything|^Fashion RepQ/;
const texts = await Promise.all(
  programCases
    .filter(({ name }) => wanted.test(name))
    .map(async (one) => ({
      name: one.name,
      text: (await programTexts(compileCase(one), "repqc compile x.repq")).typescript,
    })),
);

function textOf(name: string): string {
  return texts.find((one) => one.name === name)!.text;
}

/** Complaints of the TypeScript compiler about some modules, under this repository's settings. */
function complaints(modules: readonly string[]): readonly string[] {
  const cache = join(packageRoot, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "repqc-types-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const files = modules.map((text, index) => {
    const file = join(folder, `module-${index}.ts`);
    writeFileSync(file, text);
    return file;
  });
  const config = ts.readConfigFile(join(packageRoot, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, packageRoot);
  // Users have a browser more often than Node.
  const program = ts.createProgram(files, {
    ...options,
    types: [],
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"],
  });
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

describe("an emitted module", () => {
  it("satisfies TypeScript's strictest settings, unused names included", () => {
    const everything = texts.filter(({ name }) => name.startsWith("Everything"));
    expect(complaints(everything.map(({ text }) => text))).toEqual([]);
  });

  it.each(texts)("$name is formatted", async ({ text }) => {
    const config = await resolveConfig(join(packageRoot, "module.ts"));
    expect(await check(text, { ...config, parser: "typescript" })).toBe(true);
  });

  it.each(texts)("$name depends on @tensorflow/tfjs alone", ({ text }) => {
    const imports = [...text.matchAll(/\b(?:from|import|require)\b\s*\(?"([^"]+)"/g)];
    expect(imports.map(([, from]) => from)).toEqual(["@tensorflow/tfjs"]);
  });

  it.each(texts)("$name declares nothing twice", ({ text }) => {
    const names = [...text.matchAll(/^(?:export )?(?:function|const|type) (\w+)/gm)].map(
      ([, name]) => name,
    );
    expect(names).toEqual([...new Set(names)]);
  });

  it("says what it was made from", () => {
    const header = textOf("Fashion RepQ").slice(0, 400);
    expect(header).toContain(" * Fashion, compiled from specs/models/fashion.repq.");
    expect(header).toContain("policy RepQ");
    expect(header).toContain("[batch, 28, 28, 1]");
    expect(header).toContain("repqc compile x.repq");
  });

  it("names values after the spec, and says where each block begins", () => {
    const text = textOf("Fashion RepQ");
    expect(text).toContain("    // s1.0, branch dense\n");
    expect(text).toContain(
      "const s1_0_dense_1_scale = multiply(s1_0_dense_1_gamma, s1_0_dense_1_inverse_deviation);",
    );
    expect(text).toContain("const s1_0_activated = relu(s1_0_biased);");
    expect(text).not.toMatch(/%\d/);
  });

  it("holds only the primitives that it calls", () => {
    expect(textOf("RepVGG(4) merged")).not.toContain("function quantizeLevels");
    expect(textOf("RepVGG(4) RepQ")).toContain("function quantizeLevels");
    expect(textOf("RepVGG(4) branches")).toContain("function batchNorm");
    expect(textOf("RepVGG(4) merged")).not.toContain("function batchNorm");
  });

  it("is the same every time", async () => {
    const one = programCases.find(({ name }) => name === "RepVGG(4) RepQ")!;
    const { typescript } = await programTexts(compileCase(one), "repqc compile x.repq");
    expect(typescript).toBe(textOf(one.name));
  });
});

describe("the deployed graph of a block", () => {
  it("reads as one convolution", () => {
    const text = textOf("RepVGG(4) folded");
    const from = text.indexOf("/** The deployed graph");
    expect(text.slice(from, text.indexOf("function take"))).toBe(`\
/** The deployed graph: x [batch, 6, 5, 4] and the deployed weights to the output. */
export function deploy(x: tf.Tensor, weights: Weights): tf.Tensor {
  return tf.tidy(() => {
    // the block
    const kernel = take(weights, "kernel");
    const convolved = conv(x, kernel, { stride: 1, pads: [1, 1, 1, 1], groups: 1 });
    const bias = take(weights, "bias");
    const biased = addChannels(convolved, bias);
    const activated = relu(biased);
    return activated;
  });
}

`);
  });
});
