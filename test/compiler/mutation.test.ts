/** Rule S15: whatever the text says, compiling ends in a program or in diagnostics that can be shown; it never throws. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isError } from "../../compiler/diagnostics/index.ts";
import { print } from "../../grammar/index.ts";
import { file as anyFile } from "../grammar/random-files.ts";
import { compileFiles, expectPresentable, published } from "./compile-files.ts";
import { widest } from "./widest-spec.ts";

const entries = [
  "Net",
  "Net(4)",
  "Mine(8)",
  "Mine(8, stride: 2)",
  "RepVGG(16)",
  "ECB(4)",
  "Fashion",
];
const policies = [undefined, "Low", "Low(bits: 3)", "RepQ", "Merged(bits: 2)"];
const shapes: readonly (readonly number[] | undefined)[] = [
  undefined,
  [8, 8, 8],
  [5, 7, 3],
  [0, 1, 1],
  [1.5, 2, 3],
  [4],
];

const request = fc.record({
  entry: fc.constantFrom(undefined, ...entries),
  policy: fc.constantFrom(...policies),
  shape: fc.constantFrom(...shapes),
});

type Wish = typeof request extends fc.Arbitrary<infer T> ? T : never;

function expectAnswer(text: string, { entry, policy, shape }: Wish): void {
  const compiled = compileFiles(text, {
    ...(entry !== undefined && { entry }),
    ...(policy !== undefined && { policy }),
    ...(shape !== undefined && { shape }),
  });
  expectPresentable(compiled.diagnostics);
  if (entry !== undefined)
    expect(compiled.program !== undefined).toBe(!compiled.diagnostics.some(isError));
}

const texts = [widest, ...published.values()];
/** Numbers that break sums, and words of the language where they do not belong. */
const scraps =
  "0 -1 0.5 1e308 1000000000 65536 255 256 in out none true false when then * + - -> => ( ) [ ] { } , : = 3x3 1x1 1000x1000 0x0 " +
  "conv bn relu prelu identity avg filter depthwise dense scale tile global_avg max_pool depth_to_space int min max " +
  "stride groups dilation bias residual pad branch block model quant Mine Net SobelX RepVGG first last ** 1..8 1|2 by % /";

const mutated = fc
  .record({
    text: fc.constantFrom(...texts),
    edits: fc.array(
      fc.record({
        at: fc.nat(2 ** 20),
        cut: fc.nat(2),
        put: fc.array(fc.constantFrom(...scraps.split(" ")), { maxLength: 2 }),
        swap: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ text, edits }) => {
    const tokens =
      text.match(/[A-Za-z_]\w*|\d+x\d+|\d+(?:\.\d+)?|->|=>|==|\s+|\/\/[^\n]*|./gs) ?? [];
    for (const { at, cut, put, swap } of edits) {
      const index = at % Math.max(1, tokens.length);
      if (swap && index > 1) tokens.splice(index, 0, ...tokens.splice(index - 2, 1));
      else tokens.splice(index, cut, ...put.map((scrap) => ` ${scrap} `));
    }
    return tokens.join("");
  });

/** Edits that keep the grammar: another number, another word, so that more than the parser is tried. */
const numbers = "0 1 2 3 4 5 7 8 16 33 0.5 1e308 300 70000".split(" ");
const words =
  "conv bn relu identity avg depthwise affine scale none prelu in out stride k act wide Mine Inner Blur true max".split(
    " ",
  );
const sources: readonly (readonly [text: string | undefined, entry: string, policy?: string])[] = [
  [widest, "Net", "Low"],
  [widest, "Net(4)"],
  [widest, "Mine(8)"],
  [widest, "Mine(4, stride: 2, act: none)"],
  [published.get("blocks/repvgg.repq"), "RepVGG(8)"],
  [published.get("models/fashion.repq"), "Fashion", "RepQ"],
];
const reworded = fc
  .record({
    source: fc.constantFrom(...sources),
    shape: fc.constantFrom([8, 8, 8], [8, 8, 4], [5, 7, 3], [28, 28, 1]),
    edits: fc.array(
      fc.record({
        at: fc.nat(2 ** 20),
        number: fc.constantFrom(...numbers),
        word: fc.constantFrom(...words),
        isWord: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
  })
  .map(({ source: [text = "", entry, policy], shape, edits }) => {
    const tokens = text.match(/[A-Za-z_]\w*|\d+(?:\.\d+)?(?:e-\d+)?|[^A-Za-z_\d]+/g) ?? [];
    const placesOf = (kind: RegExp) =>
      tokens.flatMap((token, index) => (kind.test(token) ? index : []));
    for (const { at, number, word, isWord } of edits) {
      const places = placesOf(isWord ? /^[A-Za-z_]/ : /^\d/);
      tokens[places[at % places.length] ?? 0] = isWord ? word : number;
    }
    return { text: tokens.join(""), wish: { entry, policy, shape } };
  });

describe("compile never throws", () => {
  it("on specs with other numbers and words", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(reworded, ({ text, wish }) => {
        expectAnswer(text, wish);
        expectPresentable(compileFiles(text).diagnostics);
      }),
      { numRuns: 200 },
    );
  });

  it("on mutated specs", { timeout: 60_000 }, () => {
    fc.assert(fc.property(mutated, request, expectAnswer), { numRuns: 200 });
  });

  it("on any tree that the grammar can express", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(anyFile, request, (tree, wish) => {
        expectAnswer(print(tree), wish);
      }),
      { numRuns: 60 },
    );
  });

  it("on any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), request, expectAnswer));
  });

  it("on any text for a call", () => {
    const scrap = fc.constantFrom(...scraps.split(" "), ...entries);
    const call = fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.array(scrap, { maxLength: 5 }).map((words) => words.join("")),
    );
    fc.assert(
      fc.property(call, call, (entry, policy) => {
        expectAnswer(widest, { entry, policy, shape: [8, 8, 8] });
      }),
    );
  });
});
