/** Each section of specs/diagnostics is true: its failing example gives exactly its code, its passing one nothing. */
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { catalog } from "../../compiler/diagnostics/index.ts";
import type { CatalogEntry, ExampleFile } from "../../compiler/diagnostics/index.ts";
import { exampleHost } from "./example-host.ts";

function codesOf(files: readonly ExampleFile[]): readonly string[] {
  const { diagnostics } = compile({ file: "main.repq" }, exampleHost(files));
  return [...new Set(diagnostics.map(({ code }) => code))];
}

const sections = Object.entries<CatalogEntry>(catalog).filter(
  ([, { passes }]) => passes[0]?.language === "repq",
);

describe.each(sections)("%s", (code, { fails, passes }) => {
  it("is what the failing example gives", () => {
    expect(codesOf(fails)).toEqual([code]);
  });

  it("is not given by the passing example", () => {
    expect(codesOf(passes)).toEqual([]);
  });
});
