/** Formulas of `split` and `concat` as LaTeX: brackets that span parts, and lines that break only outside of them. */
import { describe, expect, it } from "vitest";
import { explainMerge } from "../../compiler/7-emit/index.ts";
import { compile } from "../../compiler/compile.ts";
import { textHost } from "../support/compile-text.ts";

function explainLatex(text: string): string {
  const request = { file: "sample.repq", entry: "Sample(8)", shape: [8, 8, 8] };
  const { model, diagnostics } = compile(request, textHost(text));
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return explainMerge(model.model, "latex");
}

describe("LaTeX of parts side by side", () => {
  const latex = (body: string) => explainLatex(`block Sample => conv(3x3) {\n${body}\n}`);
  /** What `a = ...` is, without its end of line. */
  const rowOf = (text: string, name: string) =>
    text.match(new RegExp(String.raw`^  ${name} &= (.*?)(?: \\\\)?$`, "m"))?.[1];

  it("writes the parts of an even split as groups, each of inputs of its own", () => {
    const text = latex("  branch b = split(conv(3x3) -> bn, conv(1x1))");
    expect(rowOf(text, "K")).toBe(
      String.raw`\operatorname{blkdiag}(\left[a_{b} \odot W_{b,1} \oplus \operatorname{pad}(W_{b,2})\right])`,
    );
    expect(rowOf(text, "b")).toBe(String.raw`\left[c_{b} \mid 0\right]`);
    expect(text).toContain(
      String.raw`[A \oplus B] &\;\text{has the outputs of } A\text{, then those of } B\text{, each of inputs of its own} && \text{(C7)}`,
    );
  });

  it("writes the parts of an uneven split behind what selects their inputs", () => {
    const text = latex("  branch b = split(conv(3x3, out: 3), conv(1x1, out: 5)) -> bn");
    expect(rowOf(text, "K")).toBe(
      String.raw`a_{b} \odot \left[I_{0:4} * W_{b,1} \mid \operatorname{pad}(I_{4:8} * W_{b,2})\right]`,
    );
    expect(text).toContain(String.raw`(I_{f:e})_{00io} &= [\,i = f + o\,] && \text{(C7)}`);
    expect(text).not.toContain(String.raw`\oplus`);
  });

  it.each([
    [
      "a long split",
      "  branch b = split(conv(3x3) -> bn, conv(1x1) -> bn -> conv(3x3), identity -> bn, conv(1x1))",
    ],
    [
      "splits that add up",
      "  branch b = split(conv(3x3) -> bn, conv(1x1))\n  branch c = split(identity -> bn, conv(3x3))",
    ],
    [
      "a split in a split",
      "  branch b = split(split(conv(3x3) -> bn, bn), conv(3x3) -> bn) -> bn\n  then bn",
    ],
    [
      "a long concat of uneven parts",
      "  branch b = concat(conv(3x3, out: 2) -> bn, split(conv(1x1, out: 1) -> bn, conv(3x3, out: 2)) -> bn, conv(3x3, out: 3) -> bn)",
    ],
  ])("breaks lines only where LaTeX can: %s", (_, body) => {
    const lines = latex(body).split("\n");
    for (const line of lines.filter((one) => !one.startsWith("%"))) {
      const count = (what: RegExp) => line.match(what)?.length ?? 0;
      expect(count(/\\left\b/g), line).toBe(count(/\\right\b/g));
      expect(count(/\{/g), line).toBe(count(/\}/g));
      expect(line).toMatch(/^\S|^  .*&|^$/);
    }
  });
});
