import { describe, expect, it } from "vitest";
import { diagnostic, renderText } from "../../compiler/diagnostics/index.ts";
import type { Diagnostic, TextStyle } from "../../compiler/diagnostics/index.ts";
import { spanOf } from "./span-of.ts";

const mine = {
  path: "blocks/mine.repq",
  text: `block Mine => conv(3x3) {
  // A comment of its own line.
  branch deep = conv(3x3) -> bn -> conv(3x3)
  then relu
}
`,
};

const tooWide = diagnostic(
  "merge/branch-too-wide",
  spanOf(mine, "conv(3x3) -> bn -> conv(3x3)"),
  { branch: "deep", becomes: "conv(3x3)", reach: "5x5", whole: "conv(5x5)" },
  { related: [{ span: spanOf(mine, "conv(3x3)"), label: "the block promises a 3x3 kernel" }] },
);

/** Diagnostics of a made-up kind, to look at the drawing alone. */
function drawn(text: string, ...parts: readonly string[]): string {
  const source = { path: "a.repq", text };
  const [first = "", ...others] = parts;
  const related = others.map((part) => ({ span: spanOf(source, part), label: "also this" }));
  const found = diagnostic(
    "syntax/unexpected-token",
    spanOf(source, first),
    { message: "look" },
    { label: "here", related },
  );
  return `\n${renderText([found])}`;
}

const MORE = "= more: repqc explain syntax/unexpected-token";

describe("a diagnostic as text", () => {
  it("shows where, why and what to do", () => {
    expect(`\n${renderText([tooWide])}`).toBe(`
error[merge/branch-too-wide]: branch \`deep\` does not fit in \`conv(3x3)\`
  ┌─ blocks/mine.repq:3:17
1 │ block Mine => conv(3x3) {
  │               --------- the block promises a 3x3 kernel
2 │   // A comment of its own line.
3 │   branch deep = conv(3x3) -> bn -> conv(3x3)
  │                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reaches 5x5
  = help: make the block \`=> conv(5x5)\`, or use smaller kernels in the branch
  = more: repqc explain merge/branch-too-wide
`);
  });

  it("leaves out the lines between two places, and widens for line numbers", () => {
    expect(drawn(`one${"\n".repeat(9)}ten`, "ten", "one")).toBe(`
error[syntax/unexpected-token]: look
   ┌─ a.repq:10:1
 1 │ one
   │ --- also this
   ·
10 │ ten
   │ ^^^ here
   ${MORE}
`);
  });

  it("underlines two places of one line below each other, and follows what stands after", () => {
    expect(drawn("alpha beta\ngamma", "beta", "alpha", "gamma")).toBe(`
error[syntax/unexpected-token]: look
  ┌─ a.repq:1:7
1 │ alpha beta
  │ ----- also this
  │       ^^^^ here
2 │ gamma
  │ ----- also this
  ${MORE}
`);
  });

  it("marks the first and the last line of a long span", () => {
    const text = "branch x = conv(\n  3x3,\n  stride: 2\n)\n";
    expect(drawn(text, text.slice(text.indexOf("conv"), -1))).toBe(`
error[syntax/unexpected-token]: look
  ┌─ a.repq:1:12
1 │ branch x = conv(
  │            ^^^^^
  ·
4 │ )
  │ ^ here
  ${MORE}
`);
  });

  it("counts tabs and wide letters as a terminal does", () => {
    expect(drawn("\tx\ty // 日本 Ω é z", "y", "z")).toBe(`
error[syntax/unexpected-token]: look
  ┌─ a.repq:1:4
1 │     x   y // 日本 Ω é z
  │         ^ here
  │                       - also this
  ${MORE}
`);
  });

  it("points past the end of a file", () => {
    expect(drawn("block {", "")).toContain("1 │ block {\n  │ ^ here");
    const source = { path: "a.repq", text: "block {\r\n" };
    const span = { source, start: source.text.length, end: source.text.length };
    const text = renderText([diagnostic("syntax/unclosed", span, { message: "look" })]);
    expect(text).toContain("a.repq:2:1\n2 │\n  │ ^ opened here\n");
  });

  it("shows a part of a very long line", () => {
    const text = drawn(`${"a".repeat(500_000)}NEEDLE${"b".repeat(500_000)}`, "NEEDLE");
    expect(text.split("\n")[3]).toBe(`1 │ …${"a".repeat(50)}NEEDLE${"b".repeat(64)}…`);
    expect(text.split("\n")[4]).toBe(`  │ ${" ".repeat(51)}^^^^^^ here`);
  });

  it("does not let a file steer the terminal", () => {
    const text = drawn("a \u001B[31m \u202E b", "b");
    expect(text).toContain("1 │ a �[31m � b");
    expect(text).not.toContain("\u001B");
  });

  it("shows each file it is about", () => {
    const other = { path: "repq:blocks/other", text: "block Mine => conv {\n}\n" };
    const found = diagnostic(
      "name/duplicate",
      spanOf(mine, "Mine"),
      { kind: "declarations", name: "Mine" },
      { related: [{ span: spanOf(other, "Mine"), label: "the first one" }] },
    );
    expect(`\n${renderText([found])}`).toBe(`
error[name/duplicate]: there are two declarations called \`Mine\`
  ┌─ blocks/mine.repq:1:7
1 │ block Mine => conv(3x3) {
  │       ^^^^ the second one
  ├─ repq:blocks/other:1:7
1 │ block Mine => conv {
  │       ---- the first one
  = help: give one of them another name
  = more: repqc explain name/duplicate
`);
  });

  it("needs no place, and indents what has several lines", () => {
    const parameters = { file: "net.repqw", model: "Net", name: "stem.kernel" };
    const found = diagnostic("artefact/unexpected-weight", undefined, parameters, {
      help: "first do this\nthen that",
    });
    expect(`\n${renderText([found])}`).toBe(`
error[artefact/unexpected-weight]: \`net.repqw\` has a weight \`stem.kernel\` that \`Net\` does not know
  = help: first do this
          then that
  = more: repqc explain artefact/unexpected-weight
`);
  });

  it("separates several, and is empty for none", () => {
    const found: Diagnostic[] = [tooWide, tooWide];
    expect(renderText(found).split("\n\n")).toHaveLength(2);
    expect(renderText([])).toBe("");
  });

  it("paints through the style it is given", () => {
    const tagged = (tag: string) => (text: string) => `<${tag}>${text}</${tag}>`;
    const style: TextStyle = {
      error: tagged("e"),
      warning: tagged("w"),
      hint: tagged("h"),
      related: tagged("r"),
      frame: tagged("f"),
      strong: tagged("s"),
    };
    const lines = renderText([tooWide], style).split("\n");
    expect(lines[0]).toMatch(/^<e>error\[merge\/branch-too-wide\]<\/e><s>: branch `deep`/);
    expect(lines[3]).toBe(
      "<f>  │</f>               <r>--------- the block promises a 3x3 kernel</r>",
    );
    expect(lines[6]).toContain("<e>^^^^^^^^^^^^^^^^^^^^^^^^^^^^ reaches 5x5</e>");
  });
});
