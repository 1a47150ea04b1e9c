import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import { besideDoc, withComments } from "./layout.ts";
import type { Doc, Layout } from "./layout.ts";
import { declarationDoc, importDoc } from "./print-declarations.ts";

const { hardline, join } = builders;

/** A file: its header, the imports sorted by path, the declarations with a blank line between, a newline at the end. */
export function fileDoc(layout: Layout, file: ast.File): Doc {
  const { header, imports } = importDocs(layout, file.imports);
  const declarations = file.declarations.map((declaration) => {
    const above = dropBlank(layout.above(declaration));
    const lines = above.map((text) => [text, hardline]);
    return [lines, declarationDoc(layout, declaration), besideDoc(layout, declaration, 0)];
  });
  const parts = [header, join(hardline, imports), ...declarations].filter(isPresent);
  const end = layout.atEnd(file);
  const last = join(hardline, [...(parts.length === 0 ? dropBlank(end) : end)]);
  const body = join([hardline, hardline], parts);
  if (end.length === 0) return parts.length === 0 ? "" : [body, hardline];
  return [body, parts.length === 0 ? "" : hardline, last, hardline];
}

function isPresent(doc: Doc): boolean {
  return !Array.isArray(doc) || doc.length > 0;
}

function dropBlank(lines: readonly string[]): readonly string[] {
  return lines[0] === "" ? lines.slice(1) : lines;
}

/** Comments above the first import belong to the file, not to the import, if a blank line follows them. */
function importDocs(
  layout: Layout,
  imports: readonly ast.Import[],
): { header: Doc[]; imports: Doc[] } {
  const [first] = imports;
  const above = first === undefined ? [] : dropBlank(layout.above(first));
  const headerLength = Math.max(0, above.lastIndexOf(""));
  const header = above.slice(0, headerLength);
  const compact: Layout = {
    ...layout,
    above: (line) =>
      (line === first ? above.slice(headerLength) : layout.above(line)).filter(
        (text) => text !== "",
      ),
  };
  const sorted = imports.toSorted((one, other) => compare(one.from.value, other.from.value));
  return {
    header: header.length === 0 ? [] : [join(hardline, [...header])],
    imports: sorted.map((item) => withComments(compact, item, importDoc(layout, item), false)),
  };
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
