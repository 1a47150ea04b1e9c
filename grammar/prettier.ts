import type { Parser, Plugin, Printer } from "prettier";
import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import { commentLayout } from "./comments.ts";
import { toText } from "./layout.ts";
import { tokenize } from "./lexer.ts";
import { parse } from "./parse.ts";
import { fileDoc } from "./print-file.ts";
import { positionOf } from "./source.ts";

/** A text with syntax problems is not formatted: prettier shows the first of them. */
class FormatError extends SyntaxError {
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };

  constructor(message: string, line: number, column: number) {
    super(`${message} (${line}:${column})`);
    this.name = "FormatError";
    this.loc = { start: { line, column } };
  }
}

const parser: Parser<ast.File> = {
  astFormat: "repq",
  parse(text) {
    const { file, problems } = parse({ path: "", text });
    const [problem] = problems;
    if (problem === undefined) return file;
    const { line, column } = positionOf(file.span.source, problem.span.start);
    throw new FormatError(problem.message, line, column);
  },
  locStart: (node) => node.span.start,
  locEnd: (node) => node.span.end,
};

/** Prints the whole file at once and to a fixed width: the canonical form has no options. */
const printer: Printer<ast.File> = {
  print({ node }) {
    const layout = commentLayout(node, tokenize(node.span.source.text));
    const lines = toText(fileDoc(layout, node)).split("\n");
    return builders.join(builders.hardline, lines);
  },
};

/** Prettier's plugin for `.repq` files. */
export const plugin = {
  languages: [{ name: "repq", parsers: ["repq"], extensions: [".repq"] }],
  parsers: { repq: parser },
  printers: { repq: printer },
} satisfies Plugin<ast.File>;

export const { languages, parsers, printers } = plugin;
