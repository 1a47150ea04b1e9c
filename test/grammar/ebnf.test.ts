import { describe, expect, it } from "vitest";
import { keywords, tokenTable } from "../../grammar/index.ts";
import { RepqParser } from "../../grammar/parser.ts";
import { fences, language } from "./examples.ts";

const [ebnf = ""] = fences("ebnf");
const productions = ebnf
  .split(/ ;\n+/)
  .filter((text) => text.trim() !== "")
  .map((text) => {
    const [name = "", body = ""] = text.split(/ = (.*)/s);
    return { name: name.trim(), body };
  });
const rules = Object.keys(new RepqParser().getGAstProductions());

/** Names of productions on a right-hand side, without what stands in quotes. */
function references(body: string): string[] {
  return body.replace(/"[^"]*"/g, " ").match(/[A-Za-z]+/g) ?? [];
}

describe("the EBNF of specs/language.md", () => {
  it("has the productions that the parser has rules for, and no others", () => {
    expect(productions.map(({ name }) => name).toSorted()).toEqual(rules.toSorted());
  });

  it("uses no name it does not define", () => {
    const tokens = ["NAME", "STRING", "SIZE", "INT", "FLOAT", "word"];
    const known = new Set([...tokens, ...productions.map(({ name }) => name)]);
    expect(
      productions.flatMap(({ body }) => references(body)).filter((name) => !known.has(name)),
    ).toEqual([]);
  });

  it("quotes every keyword, and the text lists them", () => {
    const quoted = new Set([...ebnf.matchAll(/"([a-z]+)"/g)].map(([, word]) => word));
    expect([...quoted].toSorted()).toEqual([...keywords].toSorted());
    for (const word of keywords) expect(language).toContain(`\`${word}\``);
  });
});

describe("the token table", () => {
  it("has a scope for every keyword and literal", () => {
    const without = tokenTable
      .filter(({ scope }) => scope === undefined)
      .map(({ type }) => type.name);
    expect(without.toSorted()).toEqual(
      "Colon Comma Dot LeftBrace LeftBracket LeftParen RightBrace RightBracket RightParen Space".split(
        " ",
      ),
    );
  });
});
