import fc from "fast-check";
import { expect, it } from "vitest";
import {
  diagnostic,
  renderJson,
  renderText,
  toJsonReport,
} from "../../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import { positionOf } from "../../grammar/source.ts";

/** Any two spans of any text, with line breaks and tabs well represented. */
const anyDiagnostic: fc.Arbitrary<Diagnostic> = fc
  .tuple(
    fc.array(fc.oneof(fc.constantFrom("\n", "\r\n", "\t", "é", "日", "\u001B", "👩‍👩‍👧"), fc.string())),
    fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
  )
  .map(([parts, offsets]) => {
    const source = { path: "any.repq", text: parts.join("") };
    const within = offsets.map((offset) => offset % (source.text.length + 1));
    const [a = 0, b = 0, c = 0, d = 0] = within;
    const spanOf = (one: number, other: number) => ({
      source,
      start: Math.min(one, other),
      end: Math.max(one, other),
    });
    const related = [{ span: spanOf(c, d), label: "there" }];
    return diagnostic("syntax/unclosed", spanOf(a, b), { message: "look" }, { related });
  });

it("any place of any text can be shown, and nothing of it reaches the terminal raw", () => {
  fc.assert(
    fc.property(anyDiagnostic, (found) => {
      const text = renderText([found]);
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
      expect(text.match(/\^+ opened here/g)).toHaveLength(1);
      expect(text.match(/-+ there/g)).toHaveLength(1);
    }),
  );
});

it("places are those of the grammar", () => {
  fc.assert(
    fc.property(anyDiagnostic, (found) => {
      const { source, start, end } = found.span!;
      const place = { start: positionOf(source, start), end: positionOf(source, end) };
      expect(toJsonReport([found]).diagnostics[0]).toMatchObject({ place });
      expect(JSON.parse(renderJson([found]))).toEqual(toJsonReport([found]));
    }),
  );
});
