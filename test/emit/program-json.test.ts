import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { modelText, programJson } from "../../compiler/7-emit/index.ts";
import { instructions } from "../../compiler/ir/index.ts";
import {
  quantizerOptions,
  quantizerRules,
  statisticsModes,
} from "../../compiler/quantizer-names.ts";
import { compile } from "../../compiler/compile.ts";
import { createHost } from "../../cli/host.ts";
import { packageRoot } from "../../cli/package-root.ts";
import { loadProgram } from "../../runtime/load.ts";
import schema from "../../specs/schema/program.schema.json" with { type: "json" };
import { compileCase, programCases } from "./compile-library.ts";

const validate = new Ajv2020({ strict: true }).compile(schema);
const programs = programCases.map((one) => ({ name: one.name, program: compileCase(one) }));
const [first] = programs;
const json = programJson(first!.program);

type Rule = { if: { properties: { op: { const?: string; enum?: string[] } } }; then: object };

describe("the schema of programs", () => {
  it.each(programs)("holds for $name", ({ program }) => {
    expect(validate(JSON.parse(programJson(program)))).toBe(true);
    expect(validate.errors).toBe(null);
  });

  it("has every instruction, with exactly one rule for each", () => {
    const { instruction } = schema.$defs;
    const ops = Object.keys(instructions);
    expect(instruction.properties.op.enum).toEqual(ops);
    const ruled = (instruction.allOf as Rule[]).flatMap(({ if: { properties } }) =>
      properties.op.const === undefined ? properties.op.enum! : [properties.op.const],
    );
    expect(ruled.toSorted()).toEqual(ops.toSorted());
  });

  it("is tried on every instruction that the compiler emits", () => {
    const graphs = programs.flatMap(({ program }) => [
      program.train,
      program.merge,
      program.deploy,
    ]);
    const seen = new Set(graphs.flatMap(({ instructions: list }) => list.map(({ op }) => op)));
    const unseen = Object.keys(instructions).filter((op) => !seen.has(op));
    // No sum of a spec begins with a minus.
    expect(unseen).toEqual(["negate"]);
  });

  it("has every quantizer and every statistics mode", () => {
    const { quantizeAttributes, statisticsAttributes } = schema.$defs;
    expect(quantizeAttributes.properties.quantizer.enum).toEqual(quantizerRules);
    expect(statisticsAttributes.properties.mode.enum).toEqual(Object.keys(statisticsModes));
  });

  it("has every option of them", () => {
    const { quantizeAttributes, statisticsAttributes } = schema.$defs;
    const optionsOf = (rules: Readonly<Record<string, object>>) =>
      Object.values(rules).flatMap((options) => Object.keys(options));
    expect(Object.keys(quantizeAttributes.properties)).toEqual(
      expect.arrayContaining(optionsOf(quantizerOptions)),
    );
    expect(Object.keys(statisticsAttributes.properties)).toEqual(
      // What statistics are of is their argument.
      expect.arrayContaining(optionsOf(statisticsModes).filter((option) => option !== "of")),
    );
  });
});

describe("a program's JSON", () => {
  it.each(programs)("gives $name back", ({ name, program }) => {
    expect(loadProgram(programJson(program), name)).toEqual(program);
  });

  it("has an instruction a line", () => {
    expect(json).toContain(
      '\n      { "op": "conv", "results": ["%2"], "types": [{ "kind": "map", "height": 6, "width": 5, "channels": 4 }], "args": ["%0", "%1"], "attributes": { "stride": 1, "pads": [1, 1, 1, 1], "groups": 1 } },\n',
    );
    const { train, merge, deploy, weights, deployed } = first!.program;
    const lines = [train, merge, deploy].map((graph) => graph.instructions.length);
    const listed = lines.reduce((a, b) => a + b) + weights.length + deployed.length;
    expect(json.split("\n").filter((line) => /^ +\{/.test(line))).toHaveLength(listed);
  });
});

describe("loadProgram", () => {
  const change = (from: string | RegExp, to: string) => json.replace(from, to);
  it.each([
    ["cut off", json.slice(0, 500), /is cut off or changed: it is not JSON text/],
    ["of another format", '{ "format": "onnx" }', /is not a compiled program/],
    ["of another version", change('"version": 1', '"version": 9'), /version 9.*reads version 1/],
    ["with a missing part", change('"entry"', '"entri"'), /must have required property 'entry'/],
    [
      "with an unknown instruction",
      change('"op": "relu"', '"op": "gelu"'),
      /`train\/instructions\/\d+\/op` must be equal to one of the allowed values, not `gelu`/,
    ],
    [
      "with a missing attribute",
      change('"stride": 1, "pads"', '"pads"'),
      /`train\/instructions\/2\/attributes` must have required property 'stride'/,
    ],
    [
      "with an attribute too many",
      change('"stride": 1, "pads"', '"stride": 1, "padding": 2, "pads"'),
      /must NOT have additional properties: `padding`/,
    ],
    [
      "with a value that is not defined",
      change('"args": ["%0", "%1"]', '"args": ["%0", "%77"]'),
      /wrong train graph: %77 is used before it is defined/,
    ],
    [
      "with a wrong type",
      change('"types": [{ "kind": "map", "height": 6', '"types": [{ "kind": "map", "height": 7'),
      /wrong train graph/,
    ],
    [
      "with a weight that its list lacks",
      change('{ "path": "dense.0.kernel", "shape"', '{ "path": "dense.0.karnel", "shape"'),
      /wrong train graph: its weight `dense.0.kernel` is not in the list of weights/,
    ],
  ])("refuses a file %s", (_, text, message) => {
    expect(text).not.toBe(json);
    expect(() => loadProgram(text, "p.json")).toThrow(message);
  });
});

describe("the text of a model", () => {
  it("shows branches, promises and quantizers", () => {
    const { host, entry } = createHost({ folder: packageRoot, entry: "specs/models/fashion.repq" });
    const { model } = compile({ file: entry, entry: "Fashion", policy: "RepQ" }, host);
    const text = modelText(model!);
    expect(text).toContain(
      "Fashion\nquantized by RepQ(bits: 4), on merged\n0: map 28x28x1 = input image\n",
    );
    expect(text).toContain("3: map 14x14x16 = RepVGG s1.0 of 2 => conv(3x3, stride: 1, groups: 1)");
    expect(text).toContain("    + skip\n        identity s1.0.skip.0: 16 to 16\n");
    expect(text).toContain("    quantize s1.0.kernel: lsq, 4 bits, -8 to 7, per channel");
    expect(text).toMatch(/output \d+\n$/);
  });
});
