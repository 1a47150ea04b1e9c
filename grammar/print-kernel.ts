import type * as ast from "./ast.ts";
import { hasComments, toFlatText, verticalList } from "./layout.ts";
import type { Doc, Layout } from "./layout.ts";
import { expressionDoc, listDoc } from "./print-expressions.ts";

/** The table of a kernel: one row a line, the numbers of each column right-aligned. */
export function kernelTableDoc(layout: Layout, table: ast.List): Doc {
  const isMatrix = table.items.length > 0 && table.items.every(({ kind }) => kind === "list");
  if (!isMatrix && !hasComments(layout, table, table.items)) return listDoc(layout, table);
  const widths = columnWidths(layout, table.items);
  const rows = table.items.map((item) => ({ line: item, doc: rowDoc(layout, item, widths) }));
  return ["[", verticalList(layout, table, rows), "]"];
}

function cellTexts(layout: Layout, row: ast.Expression): string[] {
  return row.kind === "list"
    ? row.items.map((cell) => toFlatText(expressionDoc(layout, cell)))
    : [];
}

function columnWidths(layout: Layout, rows: readonly ast.Expression[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { length }] of cellTexts(layout, row).entries()) {
      widths[column] = Math.max(widths[column] ?? 0, length);
    }
  }
  return widths;
}

function rowDoc(layout: Layout, row: ast.Expression, widths: readonly number[]): Doc {
  if (row.kind !== "list") return expressionDoc(layout, row);
  const cells = cellTexts(layout, row).map((text, column) => text.padStart(widths[column] ?? 0));
  return `[${cells.join(", ")}]`;
}
