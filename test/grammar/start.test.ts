/** What the program no longer does at each start, since the answer is always the same: looking for faults of the grammar, and reading its patterns. */
import { Lexer } from "chevrotain";
import { describe, expect, it } from "vitest";
import { RepqParser } from "../../grammar/parser.ts";
import { tokenTable, vocabulary } from "../../grammar/tokens.ts";

/** Every UTF-16 code unit. */
const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
/** What may follow a first character, such that every pattern is matched by some. */
const rests = ["", "=", "x1", '"', "/", "//"];

describe("the grammar", () => {
  it("has no fault that chevrotain knows of", () => {
    expect(() => new RepqParser({ skipValidations: false })).not.toThrow();
    const lexer = new Lexer(vocabulary, { ensureOptimizations: true, positionTracking: "full" });
    expect(lexer.lexerDefinitionErrors).toEqual([]);
  });

  const patterns = tokenTable.flatMap(({ type }) =>
    type.PATTERN instanceof RegExp ? [{ type, source: type.PATTERN.source }] : [],
  );
  it.each(patterns)("tells the lexer how $type.name begins", ({ type, source }) => {
    const begins = new RegExp(`^(?:${source})`);
    const first = characters.filter((one) => rests.some((rest) => begins.test(one + rest)));
    expect([...(type.START_CHARS_HINT ?? [])].toSorted()).toEqual(first.toSorted());
  });

  it.each(patterns)("tells the lexer whether a line may end in $type.name", ({ type, source }) => {
    const ends = ["\n", "\r"].some((end) =>
      rests.some((rest) => {
        const texts = [end + rest, ...(type.START_CHARS_HINT ?? []).map((one) => one + end + rest)];
        return texts.some((text) => new RegExp(`^(?:${source})`).exec(text)?.[0].includes(end));
      }),
    );
    expect(type.LINE_BREAKS).toBe(ends);
  });
});
