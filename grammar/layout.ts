import { builders, printer } from "prettier/doc";
import type * as ast from "./ast.ts";
import type { Span } from "./source.ts";

export type Doc = builders.Doc;

/** Columns of the canonical form. */
export const WIDTH = 88;
/** Columns between code and the comment at the end of its line, at least. */
const COMMENT_GAP = 3;

/** One thing that stands on a line of its own. */
export type Line =
  | ast.Import
  | ast.Declaration
  | ast.Param
  | ast.Require
  | ast.Branch
  | ast.Then
  | ast.Input
  | ast.Binding
  | ast.Output
  | ast.At
  | ast.Setting
  | ast.Expression;

/** What holds lines between two brackets: a file, a body, a parameter list, the table of a kernel. */
export type Container = ast.File | ast.Declaration | ast.At | ast.List | readonly ast.Param[];

/** What the canonical form of a tree takes from the text the tree was read from, if it was read from one. */
export interface Layout {
  /** The comments above a line; an empty one is a blank line. */
  above(line: Line): readonly string[];
  /** The comment at the end of a line. */
  beside(line: Line): string | undefined;
  /** The comments above the closing bracket. */
  atEnd(container: Container): readonly string[];
  /** How a literal was written. */
  literal(span: Span, canonical: string): string;
}

/** The layout of a tree without a text: documentation is the only comment. */
export const plainLayout: Layout = {
  above: (line) => ("doc" in line ? documentationLines(line.doc) : []),
  beside: () => undefined,
  atEnd: () => [],
  literal: (_, canonical) => canonical,
};

function documentationLines(doc: string | undefined): string[] {
  return doc === undefined ? [] : doc.split("\n").map((line) => `/// ${line}`.trimEnd());
}

/** The text of a doc, broken where it is wider than {@link WIDTH}. */
export function toText(doc: Doc): string {
  return printer.printDocToString(doc, { printWidth: WIDTH, tabWidth: 2 }).formatted;
}

/** The text of a doc on one line. */
export function toFlatText(doc: Doc): string {
  return printer.printDocToString(builders.group(doc), { printWidth: Infinity, tabWidth: 2 })
    .formatted;
}

/** A line's comments and its own doc; the first line of a container has no blank line above. */
export function withComments(layout: Layout, line: Line, doc: Doc, isFirst: boolean): Doc {
  const above = layout.above(line);
  const lines = isFirst && above[0] === "" ? above.slice(1) : above;
  return [lines.map((text) => [text, builders.hardline]), doc, besideDoc(layout, line, 0)];
}

/** The comment at the end of a line, `pad` columns further than it must be. */
export function besideDoc(layout: Layout, line: Line, pad: number): Doc {
  const comment = layout.beside(line);
  if (comment === undefined) return "";
  return builders.lineSuffix(`${" ".repeat(COMMENT_GAP + pad)}${comment}`);
}

/** Whether lines must stand one below the other for the sake of their comments. */
export function hasComments(layout: Layout, container: Container, lines: readonly Line[]): boolean {
  const isCommented = (line: Line): boolean =>
    layout.beside(line) !== undefined || layout.above(line).some((text) => text !== "");
  return layout.atEnd(container).length > 0 || lines.some(isCommented);
}

/** Items one below the other, each with its comments and a comma, as parameters and rows of tables are. */
export function verticalList(
  layout: Layout,
  container: Container,
  items: readonly { readonly line: Line; readonly doc: Doc }[],
): Doc {
  const docs = items.map(({ line, doc }) => {
    const above = layout.above(line).filter((text) => text !== "");
    const own = [doc, ",", besideDoc(layout, line, 0)];
    return [above.map((text) => [text, builders.hardline]), own];
  });
  const end = layout.atEnd(container).filter((text) => text !== "");
  const all = builders.join(builders.hardline, [...docs, ...end]);
  return [builders.indent([builders.hardline, all]), builders.hardline];
}
