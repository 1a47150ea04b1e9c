/** What holds for every file of the standard library. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compile } from "../../compiler/compile.ts";
import { renderText } from "../../compiler/diagnostics/index.ts";
import { format } from "../../grammar/format.ts";
import { textOf } from "../../grammar/index.ts";
import { specHost } from "../support/spec-host.ts";
import { library } from "./library.ts";

const longest = 15;

/** Lines that are neither empty nor comments. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => !/^\s*(\/\/.*)?$/.test(line));
}

describe.each(library.map((file) => [file.path, file] as const))("%s", (path, file) => {
  it("compiles without a word", () => {
    const { diagnostics } = compile({ file: path }, specHost);
    expect(diagnostics.length === 0 ? "" : renderText(diagnostics)).toBe("");
  });

  it("is in canonical form", async () => expect(await format(file.text)).toBe(file.text));

  it("says what each declaration is", () => {
    const silent = file.declarations.filter(({ doc = "" }) => doc.trim().length < 20);
    expect(silent.map(({ name }) => name.text)).toEqual([]);
  });

  it(`needs at most ${longest} lines for a block`, () => {
    const blocks = file.declarations.filter(({ kind }) => kind === "block");
    const long = blocks.filter(({ span }) => linesOf(textOf(span)).length > longest);
    expect(long.map(({ name }) => name.text)).toEqual([]);
  });
});

describe("the library", () => {
  it("names the paper of every file's first declaration, but for what is nobody's", () => {
    const ours = ["blocks/kernels.repq", "blocks/plain.repq", "models/fashion.repq"];
    const first = library
      .filter(({ path }) => !ours.includes(path))
      .map(({ path, declarations }) => [path, declarations[0]?.doc ?? ""] as const);
    const anonymous = first.filter(([, doc]) => !/\(\w+ et al\., [A-Z\s]+ \d{4}\)/.test(doc));
    expect(anonymous.map(([path]) => path)).toEqual([]);
  });

  it("is listed in its README, file by file and block by block", () => {
    const readme = readFileSync(new URL("../../specs/README.md", import.meta.url), "utf8");
    const files = library.map(({ path }) => path.replace(".repq", ""));
    const blocks = library.flatMap(({ declarations }) =>
      declarations.filter(({ kind }) => kind === "block").map(({ name }) => name.text),
    );
    const between = ["QARepVGG_V4", "QARepVGG_V5"];
    const missing = [...files, ...blocks].filter((name) => !readme.includes(`\`${name}\``));
    expect(missing).toEqual(between);
  });

  it("has no two names alike among blocks and models", () => {
    const names = library
      .flatMap(({ declarations }) => declarations)
      .filter(({ kind }) => kind === "block" || kind === "model" || kind === "kernel")
      .map(({ name }) => name.text);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
