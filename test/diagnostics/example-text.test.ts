/** The examples of specs/diagnostics as text: they parse, and they look as `repqc fmt` would have them. */
import { describe, expect, it } from "vitest";
import { catalog } from "../../compiler/diagnostics/index.ts";
import type { CatalogEntry, ExampleFile } from "../../compiler/diagnostics/index.ts";
import { format } from "../../grammar/format.ts";
import { parse, syntaxCodes } from "../../grammar/index.ts";

const entries = Object.entries<CatalogEntry>(catalog);
const ofSyntax = entries.filter(
  ([code, { fails }]) => code.startsWith("syntax/") && fails.length > 0,
);
const ofLaterPhases = entries.filter(([code]) => !code.startsWith("syntax/"));
const spec = (files: readonly ExampleFile[]) => files.filter(({ language }) => language === "repq");

const tidy = [
  ...entries.flatMap(([code, { passes }]) => spec(passes).map((file) => ({ code, ...file }))),
  ...ofLaterPhases.flatMap(([code, { fails }]) => spec(fails).map((file) => ({ code, ...file }))),
];

describe("examples of syntax codes", () => {
  it.each(ofSyntax)("%s is what its failing example gives", (code, { fails }) => {
    const problems = fails.flatMap((file) => parse(file).problems);
    expect([...new Set(problems.map((problem) => problem.code))]).toEqual([code]);
  });
});

describe("examples that parse", () => {
  it.each(tidy)("of $code ($path) has the canonical form", async ({ text }) => {
    expect(await format(text)).toBe(text);
  });
});

it("there is a section for every code of the grammar", () => {
  expect(entries.map(([code]) => code)).toEqual(expect.arrayContaining([...syntaxCodes]));
});
