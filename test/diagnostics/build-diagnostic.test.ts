import { describe, expect, it } from "vitest";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Code } from "../../compiler/diagnostics/index.ts";
import { spanOf } from "./span-of.ts";

const source = { path: "a.repq", text: "branch dense = cnv(3x3)" };
const span = spanOf(source, "cnv");

describe("diagnostic", () => {
  it("fills in the section's texts", () => {
    const known = "`conv` or `bn`";
    expect(diagnostic("name/unknown-op", span, { name: "cnv", suggestion: "conv", known })).toEqual(
      {
        code: "name/unknown-op",
        severity: "error",
        span,
        message: "there is no op or block `cnv`",
        label: "not an op, and no block of this file",
        help: "did you mean `conv`?",
        related: [],
        fixes: [],
      },
    );
  });

  it("takes the next help where a value of the first is missing", () => {
    const { help } = diagnostic("name/unknown-op", span, { name: "x", known: "`conv` or `bn`" });
    expect(help).toBe("declare it, import it, or use one of `conv` or `bn`");
    expect(diagnostic("name/unknown-op", span, { name: "x" })).not.toHaveProperty("help");
  });

  it("prefers what the place that found the mistake says", () => {
    const fix = { title: "write `conv`", edits: [{ span, text: "conv" }], safe: false };
    const related = [{ span, label: "seen here" }];
    const extra = { help: "do it", label: "this", fixes: [fix], related };
    expect(diagnostic("name/unknown-op", span, { name: "cnv" }, extra)).toMatchObject(extra);
  });

  it("knows severities, and diagnostics without a place", () => {
    const parameters = { selector: "steam", what: "nothing", model: "Net" };
    expect(diagnostic("quant/no-match", span, parameters).severity).toBe("warning");
    expect(diagnostic("artefact/missing-file", undefined, { file: "a" })).not.toHaveProperty(
      "span",
    );
  });

  it("prints numbers, and values that look like placeholders", () => {
    const found = diagnostic("limit/repeat", span, { found: 5000, limit: "{found}" });
    expect(found.message).toBe("5000 copies are more than the limit of {found}");
  });

  it("tells us where we forget a value", () => {
    const untyped: Record<string, string> = {};
    const build = diagnostic as (code: Code, at: undefined, values: typeof untyped) => unknown;
    expect(() => build("merge/not-affine", undefined, untyped)).toThrow("our bug");
  });
});
