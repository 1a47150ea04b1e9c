import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ForeignFile } from "../../runtime/files.ts";
import { readNames, type NamesTable } from "../../runtime/import/index.ts";
import { libraryNames } from "./library-names.ts";

const read = (value: unknown, block: unknown = {}) =>
  readNames({ file: "a.json", text: JSON.stringify(value) }, (file) => ({
    file,
    text: JSON.stringify(block),
  }));

function only(tables: readonly NamesTable[]): NamesTable["pathOf"] {
  expect(tables).toHaveLength(1);
  return (name) => tables[0]!.pathOf(name);
}

const model = (names: unknown) => ({ checkpoints: [{ of: "somebody", names }] });

describe("a table of names", () => {
  it("of a block is a plain list", () => {
    const pathOf = only(read({ "conv.weight": "dense.0.kernel", mask: null }));
    expect(pathOf("conv.weight")).toBe("dense.0.kernel");
    expect(pathOf("mask")).toBeNull();
    expect(pathOf("conv_weight")).toBeUndefined();
    expect(pathOf("a.conv.weight")).toBeUndefined();
  });

  it("of a model computes indices, and the first that matches counts", () => {
    const pathOf = only(
      read(
        model({
          "head.{i}.weight": "first.{i+1}.kernel",
          "s{s}.0": { block: "b", path: "s{s}.0" },
          "s{s}.{2*i+2}": { block: "b", path: "s{s}.{i+1}.even" },
          "s{s}.{2*i+1}": { block: "b", path: "s{s}.{i+1}.odd" },
          "twice.{i}.{i}": null,
        }),
        { w: "kernel", "deep.{n}": "deep.{n}.0", constant: null },
      ),
    );
    expect(pathOf("head.4.weight")).toBe("first.5.kernel");
    expect(pathOf("head.04.weight")).toBeUndefined();
    expect(pathOf("head.x.weight")).toBeUndefined();
    expect(pathOf("s3.0.w")).toBe("s3.0.kernel");
    expect(pathOf("s3.4.w")).toBe("s3.2.even.kernel");
    expect(pathOf("s3.5.deep.7")).toBe("s3.3.odd.deep.7.0");
    expect(pathOf("s3.5.constant")).toBeNull();
    expect(pathOf("s3.5.other")).toBeUndefined();
    expect(pathOf("s3.5")).toBeUndefined();
    expect(pathOf("twice.2.2")).toBeNull();
    expect(pathOf("twice.2.3")).toBeUndefined();
  });

  it("may take the rows of a tensor for weights of their own", () => {
    const block = { vector: ["a.scale", "b.{i}.scale"] };
    expect(() => read(block)).toThrow(/`\{i\}` is in no name before it/);
    const part = { "s.{i}": { block: "b", path: "s.{i+1}" } };
    const pathOf = only(read(model(part), { "vector.{n}": ["a.scale", "b.{n}.scale"] }));
    expect(pathOf("s.0.vector.4")).toEqual(["s.1.a.scale", "s.1.b.4.scale"]);
  });

  it.each([
    ["what is not JSON", "{", /not JSON text/],
    ["an empty one", "{}", /fewer than 1/],
    ["a path that is a number", '{"a": 1}', /`a` must be/],
    ["a name twice", '{"a": "b", "a": "c"}', /it has `a` twice/],
    ["a setting that is not known", '{"checkpoints": [], "more": 1}', /more|additional|fewer/],
    ["braces that mean nothing", '{"a.{i.b": "c"}', /braces that are no placeholder/],
    ["a factor of zero", '{"a.{0*i}": "c"}', /braces that are no placeholder/],
    ["a variable from nowhere", '{"a.{i}": "c.{j}"}', /`\{j\}` is in no name before it/],
  ])("is refused: %s", (_, text, message) => {
    const refused = () => readNames({ file: "a.json", text }, () => ({ file: "b", text: "{}" }));
    expect(refused).toThrow(message);
    expect(refused).toThrow(ForeignFile);
  });

  it("is refused where a model's stands for a block's", () => {
    const part = { a: { block: "b", path: "c" } };
    expect(() => read(model(part), model(part))).toThrow(/where a block's is needed/);
  });
});

describe("the standard library", () => {
  const tables = ["blocks", "models"].flatMap((folder) =>
    readdirSync(new URL(`../../specs/${folder}`, import.meta.url))
      .filter((name) => name.endsWith(".names.json"))
      .map((name) => `${folder}/${name.replace(".names.json", "")}`),
  );

  it.each(tables)("has a sound table for %s", (name) => {
    expect(libraryNames(name).length).toBeGreaterThan(0);
  });
});
