import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse, parseCall, print } from "../../grammar/index.ts";
import { fences } from "./examples.ts";
import { bare } from "./sketch.ts";

/** Whatever the text: problems that point into it in order, or a tree that prints to the same tree. */
function expectProblemsOrTree(text: string): void {
  const { file, problems } = parse({ path: "", text });
  const starts = problems.map((problem) => problem.span.start);
  expect(starts).toEqual(starts.toSorted((one, other) => one - other));
  for (const problem of problems) {
    for (const { start, end } of [
      problem.span,
      ...problem.related.map((related) => related.span),
    ]) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(text.length);
    }
    expect(problem.message).not.toMatch(/undefined|NaN|\[object/);
  }
  const printed = print(file);
  if (problems.length > 0) return;
  const again = parse({ path: "", text: printed });
  const sorted = { ...file, imports: again.file.imports };
  expect(bare(again.file)).toEqual(bare(sorted));
}

const examples = fences("repq");
const words =
  '{ } ( ) [ ] -> => = : , .. . ** * + - | " import from as branch then when require input output at by not ' +
  "true 3x3 1e-4 7 x @ é \u0000 \ud800 /* 1..8 s1.0.1";
const phrases = [
  "block A",
  "model M",
  "quant Q",
  "recipe R",
  "kernel K",
  "\n",
  "/// doc\n",
  "// note\n",
];
const scraps = fc.constantFrom(...words.split(" "), ...phrases);

describe("garbage never throws", () => {
  it("of any characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 60 }), expectProblemsOrTree));
  });

  it("of pieces of the language", () => {
    const text = fc.array(scraps, { maxLength: 40 }).map((pieces) => pieces.join(" "));
    fc.assert(fc.property(text, expectProblemsOrTree), { numRuns: 300 });
  });

  it("from examples with a piece cut out or put in", () => {
    const edit = fc.record({
      example: fc.constantFrom(...examples),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(30),
      put: fc.array(scraps, { maxLength: 3 }),
    });
    const mutated = edit.map(({ example, at, cut, put }) => {
      const offset = Math.floor(at * example.length);
      return example.slice(0, offset) + put.join(" ") + example.slice(offset + cut);
    });
    fc.assert(fc.property(mutated, expectProblemsOrTree), { numRuns: 150 });
  });

  it("as a call", () => {
    fc.assert(
      fc.property(fc.array(scraps, { maxLength: 10 }), (pieces) => {
        const { call, problems } = parseCall({ path: "", text: pieces.join(" ") });
        expect(call === undefined).toBe(problems.length > 0);
      }),
    );
  });
});
