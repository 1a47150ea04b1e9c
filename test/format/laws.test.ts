import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format } from "../../grammar/format.ts";
import { parse, print } from "../../grammar/index.ts";
import { tokenize } from "../../grammar/lexer.ts";
import { file } from "../grammar/random-files.ts";
import { bare } from "../grammar/sketch.ts";

const spaces = [" ", " ", " ", " ", "\n", "\n\n", "\n\n\n"];
const gaps = fc.constantFrom(...spaces.concat(" // a\n", "\n// b\n", "\n\n// c\n\n", "\n/// d\n"));

/** Any program, laid out at random, with comments between any two tokens. */
const program = fc
  .tuple(file, fc.array(gaps, { minLength: 1, maxLength: 60 }))
  .map(([tree, between]) => {
    const { tokens } = tokenize(print(tree));
    const pieces = tokens.map(({ image }, at) => image + between[at % between.length]!);
    return between[0]! + pieces.join("");
  });

/** The tokens that formatting must keep: all but trailing commas and empty parameter lists. */
function essentials(text: string): string[] {
  const images = tokenize(text).tokens.map(({ image }) => image);
  const withoutCommas = images.filter(
    (image, at) => !(image === "," && [")", "]", "}"].includes(images[at + 1] ?? "")),
  );
  return withoutCommas.filter((_, at) => {
    const [opener, closer] = [withoutCommas[at], withoutCommas[at + 1]];
    const isEmptyAt = (start: number): boolean =>
      withoutCommas[start] === "(" &&
      withoutCommas[start + 1] === ")" &&
      ["block", "model", "quant", "recipe"].includes(withoutCommas[start - 2] ?? "");
    return !((opener === "(" && closer === ")" && isEmptyAt(at)) || isEmptyAt(at - 1));
  });
}

function comments(text: string): string[] {
  return tokenize(text)
    .comments.map(({ image }) => image.trimEnd())
    .toSorted();
}

describe("formatting", () => {
  it("keeps every token, every comment and the tree, and changes nothing more the second time", async () => {
    await fc.assert(
      fc.asyncProperty(program, async (text) => {
        const once = await format(text);
        expect(essentials(once)).toEqual(essentials(text));
        expect(comments(once)).toEqual(comments(text));
        const [before, after] = [text, once].map((of) => parse({ path: "", text: of }));
        expect(after!.problems).toEqual([]);
        const meaning = ["span", "doc"];
        expect(bare(after!.file, meaning)).toEqual(bare(before!.file, meaning));
        expect(await format(once)).toBe(once);
      }),
      { numRuns: 100 },
    );
  });

  it("writes what `print` writes, where there are no comments and blank lines", async () => {
    await fc.assert(
      fc.asyncProperty(file, async (tree) => {
        const text = print(tree);
        expect(await format(text)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
