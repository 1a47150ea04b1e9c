import fc from "fast-check";
import type * as ast from "../../grammar/index.ts";
import { name, number, parts, span, string } from "./random-expressions.ts";

const fixed = fc.constant(span);

const doc = fc
  .array(fc.stringMatching(/^[ -~]{0,20}$/), { minLength: 1, maxLength: 2 })
  .map((lines) => lines.map((line) => line.trimEnd()).join("\n"));

function many<T>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.array(item, { maxLength: 2 });
}

const typeAtom: fc.Arbitrary<ast.TypeAtom> = fc.oneof(
  name.map((type): ast.TypeAtom => ({ kind: "typeName", span, name: type })),
  number.map(({ value }): ast.TypeAtom => ({ kind: "typeValue", span, value })),
  fc.tuple(number, number).map(([low, high]): ast.TypeAtom => {
    return { kind: "typeRange", span, low: low.value, high: high.value };
  }),
);

const type: fc.Arbitrary<ast.Type> = fc
  .array(typeAtom, { minLength: 1, maxLength: 3 })
  .map((alternatives) => ({ kind: "type", span, alternatives }));

const params = many(
  fc.record(
    {
      kind: fc.constant("param" as const),
      span: fixed,
      name,
      doc,
      type,
      default: parts.expression,
    },
    { requiredKeys: ["kind", "span", "name", "type"] },
  ),
);

const requires = many(
  fc.record(
    {
      kind: fc.constant("require" as const),
      span: fixed,
      condition: parts.expression,
      message: string,
    },
    { requiredKeys: ["kind", "span", "condition"] },
  ),
);

const branches = many(
  fc.record(
    {
      kind: fc.constant("branch" as const),
      span: fixed,
      name,
      doc,
      copies: parts.expression,
      chain: parts.chain,
      when: parts.expression,
    },
    { requiredKeys: ["kind", "span", "name", "chain"] },
  ),
);

const thens = many(
  fc.record({ kind: fc.constant("then" as const), span: fixed, chain: parts.chain }),
);

const { flow } = fc.letrec<{ flow: ast.Flow; source: ast.FlowSource }>((tie) => ({
  flow: fc.record({
    kind: fc.constant("flow" as const),
    span: fixed,
    sources: fc.array(tie("source"), { minLength: 1, maxLength: 3 }),
    steps: many(parts.step),
  }),
  source: fc.oneof(
    { maxDepth: 2 },
    name.map((of): ast.FlowSource => ({ kind: "reference", span, name: of })),
    tie("flow").map((inner): ast.FlowSource => ({ kind: "parenthesised", span, flow: inner })),
  ),
}));

const inputs = many(
  fc.record(
    { kind: fc.constant("input" as const), span: fixed, name, doc, type: name, shape: parts.list },
    { requiredKeys: ["kind", "span", "name", "type", "shape"] },
  ),
);

const bindings = many(
  fc.record(
    { kind: fc.constant("binding" as const), span: fixed, name, doc, flow },
    { requiredKeys: ["kind", "span", "name", "flow"] },
  ),
);

const outputs = many(fc.record({ kind: fc.constant("output" as const), span: fixed, flow }));

const settings = many(
  fc.record(
    { kind: fc.constant("setting" as const), span: fixed, name, doc, value: parts.value },
    { requiredKeys: ["kind", "span", "name", "value"] },
  ),
);

const segment: fc.Arbitrary<ast.Segment> = fc.oneof(
  parts.call,
  fc.constantFrom<ast.Segment>({ kind: "any", span }, { kind: "anyDepth", span }),
);

const index = fc.nat(99).map((value): ast.Segment => ({ kind: "index", span, value }));

const selector: fc.Arbitrary<ast.Selector> = fc
  .tuple(segment, many(fc.oneof(segment, index)))
  .map(([first, others]) => ({ kind: "selector", span, segments: [first, ...others] }));

const ats = many(
  fc.record({
    kind: fc.constant("at" as const),
    span: fixed,
    selectors: fc.array(selector, { minLength: 1, maxLength: 2 }),
    settings,
  }),
);

/** A declaration with or without documentation. */
function declared<T extends object>(body: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  const all = fc.tuple(fc.record(body), name, fc.option(doc, { nil: undefined }));
  return all.map(([fields, own, text]) => {
    return { ...fields, span, name: own, ...(text === undefined ? {} : { doc: text }) } as T;
  });
}

const matrix = fc
  .array(fc.array(number, { maxLength: 3 }), { minLength: 1, maxLength: 3 })
  .map((rows): ast.List => {
    const items = rows.map((row): ast.List => ({ kind: "list", span, items: row }));
    return { kind: "list", span, items };
  });

const declaration: fc.Arbitrary<ast.Declaration> = fc.oneof(
  declared({ kind: fc.constant("kernel" as const), table: fc.oneof(matrix, parts.list) }),
  declared({
    kind: fc.constant("block" as const),
    params,
    becomes: parts.call,
    requires,
    branches,
    thens,
  }),
  declared({ kind: fc.constant("model" as const), params, requires, inputs, bindings, outputs }),
  declared({ kind: fc.constant("quant" as const), params, settings, ats }),
  declared({ kind: fc.constant("recipe" as const), params, settings }),
) as fc.Arbitrary<ast.Declaration>;

const importName = fc.tuple(name, fc.option(name)).map(([first, local]): ast.ImportName => {
  return { span, name: first, local: local ?? first };
});

const imports = many(
  fc.record({
    kind: fc.constant("import" as const),
    span: fixed,
    names: many(importName),
    from: string,
  }),
).map((items) =>
  items.toSorted((one, other) => {
    if (one.from.value === other.from.value) return 0;
    return one.from.value < other.from.value ? -1 : 1;
  }),
);

/** Any tree the grammar can express, in the order the canonical form has. */
export const file: fc.Arbitrary<ast.File> = fc.record({
  kind: fc.constant("file" as const),
  span: fixed,
  imports,
  declarations: many(declaration),
});
