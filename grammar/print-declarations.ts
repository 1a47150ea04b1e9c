import { builders } from "prettier/doc";
import type * as ast from "./ast.ts";
import { hasComments, verticalList, withComments } from "./layout.ts";
import type { Container, Doc, Layout } from "./layout.ts";
import {
  bracketed,
  callDoc,
  chainDoc,
  expressionDoc,
  flowDoc,
  listDoc,
  selectorDoc,
  typeDoc,
} from "./print-expressions.ts";
import { kernelTableDoc } from "./print-kernel.ts";
import { isRow, tableDocs } from "./print-table.ts";
import type { Row } from "./print-table.ts";
import { quote } from "./strings.ts";

const { group, hardline, ifBreak, indent, join, line, softline } = builders;

/** A statement of a body. */
type Statement =
  ast.Require | ast.Branch | ast.Then | ast.Input | ast.Binding | ast.Output | ast.At | ast.Setting;

export function declarationDoc(layout: Layout, declaration: ast.Declaration): Doc {
  const { kind, name } = declaration;
  if (declaration.kind === "kernel") {
    return [kind, " ", name.text, " = ", kernelTableDoc(layout, declaration.table)];
  }
  const params = paramsDoc(layout, declaration.params);
  const becomes =
    declaration.kind === "block" ? [" => ", callDoc(layout, declaration.becomes)] : "";
  const header = group([kind, " ", name.text, params, becomes]);
  return [header, " ", bodyDoc(layout, declaration, statementsOf(declaration), 2)];
}

/** The statements of a body in the order of the text; in a tree without a text, kind by kind. */
export function statementsOf(owner: Exclude<ast.Declaration, ast.Kernel> | ast.At): Statement[] {
  return statementsByKind(owner).toSorted((one, other) => one.span.start - other.span.start);
}

function statementsByKind(owner: Exclude<ast.Declaration, ast.Kernel> | ast.At): Statement[] {
  switch (owner.kind) {
    case "block":
      return [...owner.requires, ...owner.branches, ...owner.thens];
    case "model":
      return [...owner.requires, ...owner.inputs, ...owner.bindings, ...owner.outputs];
    case "quant":
      return [...owner.settings, ...owner.ats];
    default:
      return [...owner.settings];
  }
}

function bodyDoc(
  layout: Layout,
  owner: Container,
  statements: readonly Statement[],
  indentation: number,
): Doc {
  const docs: Doc[] = [];
  for (const rows of tables(layout, statements)) {
    const [first] = rows;
    const lines: Doc[] =
      first !== undefined && isRow(first)
        ? tableDocs(layout, rows as readonly Row[], indentation)
        : rows.map((row) => statementDoc(layout, row, indentation));
    const start = docs.length;
    docs.push(...lines.map((doc, at) => aboveDoc(layout, rows[at]!, doc, start + at === 0)));
  }
  const end = layout.atEnd(owner);
  const last = docs.length === 0 && end[0] === "" ? end.slice(1) : end;
  if (docs.length === 0 && last.length === 0) return "{}";
  return ["{", indent([hardline, join(hardline, [...docs, ...last])]), hardline, "}"];
}

/** Rows bring the comments at their ends along, to line them up. */
function aboveDoc(layout: Layout, statement: Statement, doc: Doc, isFirst: boolean): Doc {
  if (!isRow(statement)) return withComments(layout, statement, doc, isFirst);
  const withoutBeside = { ...layout, beside: () => undefined };
  return withComments(withoutBeside, statement, doc, isFirst);
}

/** Splits statements into runs of one kind; a comment or a blank line starts a new run. */
function tables(layout: Layout, statements: readonly Statement[]): Statement[][] {
  const runs: Statement[][] = [];
  for (const statement of statements) {
    const run = runs.at(-1);
    const isNext = run?.[0]?.kind === statement.kind && layout.above(statement).length === 0;
    if (isNext) run?.push(statement);
    else runs.push([statement]);
  }
  return runs;
}

function statementDoc(layout: Layout, statement: Statement, indentation: number): Doc {
  switch (statement.kind) {
    case "require":
      return requireDoc(layout, statement);
    case "then":
      return group(["then ", chainDoc(layout, statement.chain)]);
    case "output":
      return group(["output ", flowDoc(layout, statement.flow)]);
    case "input": {
      const { name, type, shape } = statement;
      return ["input ", name.text, ": ", type.text, listDoc(layout, shape)];
    }
    case "at":
      return atDoc(layout, statement, indentation);
    default:
      return tableDocs(layout, [statement], indentation);
  }
}

function requireDoc(layout: Layout, { condition, message }: ast.Require): Doc {
  const text = message === undefined ? "" : layout.literal(message.span, quote(message.value));
  const reason = message === undefined ? "" : indent([",", line, text]);
  return group(["require ", expressionDoc(layout, condition), reason]);
}

function atDoc(layout: Layout, at: ast.At, indentation: number): Doc {
  const selectors = at.selectors.map((selector) => selectorDoc(layout, selector));
  const header = ["at ", group(indent(join([",", line], selectors))), " "];
  const [setting, ...others] = at.settings;
  const isShort = others.length === 0 && !hasComments(layout, at, at.settings);
  if (setting === undefined || !isShort) {
    return [header, bodyDoc(layout, at, at.settings, indentation + 2)];
  }
  const row = tableDocs(layout, [setting], indentation + 2);
  return group([header, "{", indent([line, row]), line, "}"]);
}

function paramsDoc(layout: Layout, params: readonly ast.Param[]): Doc {
  const items = params.map((param) => ({ line: param, doc: paramDoc(layout, param) }));
  if (hasComments(layout, params, params)) return ["(", verticalList(layout, params, items), ")"];
  if (items.length === 0) return "";
  const inner = join(
    [",", line],
    items.map(({ doc }) => doc),
  );
  return ["(", indent([softline, inner]), ifBreak(","), softline, ")"];
}

function paramDoc(layout: Layout, param: ast.Param): Doc {
  const value = param.default === undefined ? "" : [" = ", expressionDoc(layout, param.default)];
  return [param.name.text, ": ", typeDoc(layout, param.type), value];
}

export function importDoc(layout: Layout, { names, from }: ast.Import): Doc {
  const items = names.map(({ name, local }) =>
    name === local ? name.text : `${name.text} as ${local.text}`,
  );
  const spaced = group(["{", indent([line, join([",", line], items)]), ifBreak(","), line, "}"]);
  const list = items.length === 0 ? bracketed("{", [], "}") : spaced;
  return ["import ", list, " from ", layout.literal(from.span, quote(from.value))];
}
