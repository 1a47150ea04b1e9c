import { expect, it } from "vitest";
import { diagnostic, renderJson } from "../../compiler/diagnostics/index.ts";
import { spanOf } from "./span-of.ts";

const source = {
  path: "blocks/mine.repq",
  text: "block Mine => conv(3x3) {\n  branch x = cnv\n}\n",
};

it("a report for programs counts lines and columns from 1", () => {
  const span = spanOf(source, "cnv");
  const found = diagnostic(
    "name/unknown-op",
    span,
    { name: "cnv", suggestion: "conv" },
    {
      related: [{ span: spanOf(source, "Mine"), label: "in this block" }],
      fixes: [{ title: "write `conv`", safe: false, edits: [{ span, text: "conv" }] }],
    },
  );
  const place = {
    file: "blocks/mine.repq",
    start: { line: 2, column: 14 },
    end: { line: 2, column: 17 },
  };
  expect(JSON.parse(renderJson([found]))).toEqual({
    version: 1,
    errors: 1,
    warnings: 0,
    hints: 0,
    diagnostics: [
      {
        code: "name/unknown-op",
        severity: "error",
        message: "there is no op or block `cnv`",
        place,
        label: "not an op, and no block of this file",
        related: [
          {
            file: "blocks/mine.repq",
            start: { line: 1, column: 7 },
            end: { line: 1, column: 11 },
            label: "in this block",
          },
        ],
        help: "did you mean `conv`?",
        fixes: [{ title: "write `conv`", safe: false, edits: [{ ...place, text: "conv" }] }],
      },
    ],
  });
});

it("what has no place is reported without one", () => {
  const found = diagnostic("artefact/missing-file", undefined, { file: "a.repq" });
  expect(JSON.parse(renderJson([found])).diagnostics[0]).not.toHaveProperty("place");
});
