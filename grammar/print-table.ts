import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import { besideDoc, toFlatText, WIDTH } from "./layout.ts";
import type { Doc, Layout } from "./layout.ts";
import { chainDoc, expressionDoc, flowDoc, valueDoc } from "./print-expressions.ts";

const { group, ifBreak, indent, line } = builders;

/** Columns between a chain and its `when`, at least. */
const WHEN_GAP = 4;

/** A statement that lines up with its neighbours of the same kind. */
export type Row = ast.Branch | ast.Binding | ast.Setting;

interface Cells {
  readonly row: Row;
  /** `branch dense =`: up to the value, `width` columns wide before its mark. */
  readonly head: (width: number) => string;
  readonly headWidth: number;
  readonly value: Doc;
  readonly valueWidth: number;
  readonly when: Doc | undefined;
  readonly whenWidth: number;
  readonly hasComment: boolean;
}

export function isRow(statement: { readonly kind: string }): statement is Row {
  return ["branch", "binding", "setting"].includes(statement.kind);
}

/** Consecutive statements of one kind as a table: names, `=` or `:`, `when` and the comments at the ends line up. */
export function tableDocs(layout: Layout, rows: readonly Row[], indentation: number): Doc[] {
  const cells = rows.map((row) => toCells(layout, row));
  const head = Math.max(...cells.map(({ headWidth }) => headWidth));
  const room = WIDTH - indentation - head - " = ".length;
  const when = whenColumn(cells, room);
  const commented = cells.filter(({ hasComment }) => hasComment);
  const widths = commented.map((cell) => codeWidth(cell, when)).filter((width) => width <= room);
  const end = Math.max(0, ...widths);
  return cells.map((cell) => {
    const pad = Math.max(0, end - codeWidth(cell, when));
    return [rowDoc(cell, head, when), besideDoc(layout, cell.row, pad)];
  });
}

/** The column of every `when`, counted from the values; 0 where lining up would make a line too wide. */
function whenColumn(cells: readonly Cells[], room: number): number {
  const conditional = cells.filter(
    ({ when, valueWidth, whenWidth }) =>
      when !== undefined && valueWidth + WHEN_GAP + whenWidth <= room,
  );
  const column = Math.max(0, ...conditional.map(({ valueWidth }) => valueWidth)) + WHEN_GAP;
  return conditional.every(({ whenWidth }) => column + whenWidth <= room) ? column : 0;
}

function codeWidth({ valueWidth, when, whenWidth }: Cells, column: number): number {
  if (when === undefined) return valueWidth;
  return Math.max(valueWidth + WHEN_GAP, column) + whenWidth;
}

function rowDoc({ head, value, valueWidth, when }: Cells, width: number, column: number): Doc {
  if (when === undefined) return group([head(width), value]);
  const gap = " ".repeat(Math.max(WHEN_GAP, column - valueWidth));
  return group([head(width), value, indent([ifBreak(line, gap), when])]);
}

function toCells(layout: Layout, row: Row): Cells {
  const name = nameOf(layout, row);
  const value = valueOf(layout, row);
  const when = row.kind === "branch" && row.when !== undefined ? row.when : undefined;
  const whenDoc = when === undefined ? undefined : ["when ", expressionDoc(layout, when)];
  return {
    row,
    head: (width) =>
      row.kind === "setting" ? `${name}:`.padEnd(width + 2) : `${name.padEnd(width)} = `,
    headWidth: name.length,
    value,
    valueWidth: toFlatText(value).length,
    when: whenDoc,
    whenWidth: whenDoc === undefined ? 0 : toFlatText(whenDoc).length,
    hasComment: layout.beside(row) !== undefined,
  };
}

function nameOf(layout: Layout, row: Row): string {
  if (row.kind !== "branch") return row.name.text;
  const { name, copies } = row;
  const suffix = copies === undefined ? "" : `[${toFlatText(expressionDoc(layout, copies))}]`;
  return `branch ${name.text}${suffix}`;
}

function valueOf(layout: Layout, row: Row): Doc {
  if (row.kind === "branch") return chainDoc(layout, row.chain);
  return row.kind === "binding" ? flowDoc(layout, row.flow) : valueDoc(layout, row.value);
}
