import type { CstNode } from "chevrotain";
import type * as ast from "./ast.ts";
import { node, nodes, spanOf, token, tokens, tokenSpan } from "./cst.ts";
import type { Reading } from "./cst.ts";
import {
  toCall,
  toChain,
  toExpression,
  toList,
  toName,
  toNumber,
  toStep,
  toString,
  toValue,
} from "./expressions-to-ast.ts";
import type { Span } from "./source.ts";

/** The syntax tree of a concrete tree, however incomplete: what is missing is left out or has an empty name. */
export function toFile(reading: Reading, cst: CstNode | undefined): ast.File {
  return {
    kind: "file",
    span: { source: reading.source, start: 0, end: reading.source.text.length },
    imports: nodes(cst, "import").map((item) => toImport(reading, item)),
    declarations: nodes(cst, "declaration").flatMap((item) => toDeclaration(reading, item)),
  };
}

/** What all named things begin with. */
interface Named {
  readonly span: Span;
  readonly name: ast.Name;
  readonly doc?: string;
}

function toNamed(reading: Reading, cst: CstNode): Named {
  const span = spanOf(reading.source, cst);
  const doc = reading.docs.get(span.start);
  const name = toName(reading, token(cst, "Name"), span);
  return doc === undefined ? { span, name } : { span, name, doc };
}

function toImport(reading: Reading, cst: CstNode): ast.Import {
  const span = spanOf(reading.source, cst);
  const names = nodes(cst, "importName").map((item): ast.ImportName => {
    const itemSpan = spanOf(reading.source, item);
    const [first, second] = tokens(item, "Name");
    const name = toName(reading, first, itemSpan);
    return {
      span: itemSpan,
      name,
      local: second === undefined ? name : toName(reading, second, itemSpan),
    };
  });
  return { kind: "import", span, names, from: toString(reading, token(cst, "Text"), span) };
}

function toDeclaration(reading: Reading, cst: CstNode): ast.Declaration[] {
  const inner = Object.keys(cst.children).flatMap((name) => nodes(cst, name))[0];
  const make = inner === undefined ? undefined : declarations[inner.name];
  return inner === undefined || make === undefined ? [] : [make(reading, inner)];
}

const declarations: Record<string, (reading: Reading, cst: CstNode) => ast.Declaration> = {
  kernel: (reading, cst) => ({
    kind: "kernel",
    ...toNamed(reading, cst),
    table: toList(reading, node(cst, "list")),
  }),
  block: (reading, cst) => ({
    kind: "block",
    ...toNamed(reading, cst),
    params: toParams(reading, cst),
    becomes: toCall(reading, node(cst, "call")),
    requires: toRequires(reading, cst),
    branches: nodes(cst, "branch").map((item) => toBranch(reading, item)),
    thens: nodes(cst, "thenPart").map((item) => ({
      kind: "then",
      span: spanOf(reading.source, item),
      chain: toChain(reading, node(item, "chain")),
    })),
  }),
  model: (reading, cst) => ({
    kind: "model",
    ...toNamed(reading, cst),
    params: toParams(reading, cst),
    requires: toRequires(reading, cst),
    inputs: nodes(cst, "modelInput").map((item) => toInput(reading, item)),
    bindings: nodes(cst, "binding").map((item) => ({
      kind: "binding",
      ...toNamed(reading, item),
      flow: toFlow(reading, node(item, "flow")),
    })),
    outputs: nodes(cst, "modelOutput").map((item) => ({
      kind: "output",
      span: spanOf(reading.source, item),
      flow: toFlow(reading, node(item, "flow")),
    })),
  }),
  quant: (reading, cst) => ({
    kind: "quant",
    ...toNamed(reading, cst),
    params: toParams(reading, cst),
    settings: toSettings(reading, cst),
    ats: nodes(cst, "at").map((item) => toAt(reading, item)),
  }),
  recipe: (reading, cst) => ({
    kind: "recipe",
    ...toNamed(reading, cst),
    params: toParams(reading, cst),
    settings: toSettings(reading, cst),
  }),
};

function toParams(reading: Reading, cst: CstNode): ast.Param[] {
  return nodes(node(cst, "params"), "param").map((param) => {
    const value = node(param, "expr");
    return {
      kind: "param",
      ...toNamed(reading, param),
      type: toType(reading, node(param, "type")),
      ...(value === undefined ? {} : { default: toExpression(reading, value) }),
    };
  });
}

function toType(reading: Reading, cst: CstNode | undefined): ast.Type {
  const alternatives = nodes(cst, "typeAtom").map((atom): ast.TypeAtom => {
    const span = spanOf(reading.source, atom);
    const [low, high] = nodes(atom, "number").map((number) => toNumber(reading, number).value);
    if (low === undefined) {
      return { kind: "typeName", span, name: toName(reading, token(atom, "Name"), span) };
    }
    if (high === undefined) return { kind: "typeValue", span, value: low };
    return { kind: "typeRange", span, low, high };
  });
  return { kind: "type", span: spanOf(reading.source, cst), alternatives };
}

function toRequires(reading: Reading, cst: CstNode): ast.Require[] {
  return nodes(cst, "require").map((item) => {
    const span = spanOf(reading.source, item);
    const message = token(item, "Text");
    return {
      kind: "require",
      span,
      condition: toExpression(reading, node(item, "expr")),
      ...(message === undefined ? {} : { message: toString(reading, message, span) }),
    };
  });
}

function toBranch(reading: Reading, cst: CstNode): ast.Branch {
  const copies = node(cst, "copies");
  const when = node(cst, "when");
  return {
    kind: "branch",
    ...toNamed(reading, cst),
    ...(copies === undefined ? {} : { copies: toExpression(reading, copies) }),
    chain: toChain(reading, node(cst, "chain")),
    ...(when === undefined ? {} : { when: toExpression(reading, when) }),
  };
}

function toInput(reading: Reading, cst: CstNode): ast.Input {
  const named = toNamed(reading, cst);
  const type = toName(reading, tokens(cst, "Name")[1], named.span);
  return { kind: "input", ...named, type, shape: toList(reading, node(cst, "list")) };
}

function toFlow(reading: Reading, cst: CstNode | undefined): ast.Flow {
  return {
    kind: "flow",
    span: spanOf(reading.source, cst),
    sources: nodes(node(cst, "sum"), "source").map((item) => toFlowSource(reading, item)),
    steps: nodes(cst, "step").map((step) => toStep(reading, step)),
  };
}

function toFlowSource(reading: Reading, cst: CstNode): ast.FlowSource {
  const span = spanOf(reading.source, cst);
  const flow = node(cst, "flow");
  if (flow !== undefined) return { kind: "parenthesised", span, flow: toFlow(reading, flow) };
  return { kind: "reference", span, name: toName(reading, token(cst, "Name"), span) };
}

function toAt(reading: Reading, cst: CstNode): ast.At {
  return {
    kind: "at",
    span: spanOf(reading.source, cst),
    selectors: nodes(cst, "selector").map((item) => ({
      kind: "selector",
      span: spanOf(reading.source, item),
      segments: [...nodes(item, "segment"), ...nodes(item, "segmentOrIndex")].map((segment) =>
        toSegment(reading, segment),
      ),
    })),
    settings: toSettings(reading, cst),
  };
}

function toSegment(reading: Reading, cst: CstNode): ast.Segment {
  const inner = node(cst, "segment");
  if (inner !== undefined) return toSegment(reading, inner);
  const span = spanOf(reading.source, cst);
  const index = token(cst, "Int");
  if (index !== undefined) {
    return { kind: "index", span: tokenSpan(reading.source, index), value: Number(index.image) };
  }
  if (token(cst, "Star") !== undefined) return { kind: "any", span };
  if (token(cst, "StarStar") !== undefined) return { kind: "anyDepth", span };
  return toCall(reading, cst);
}

function toSettings(reading: Reading, cst: CstNode): ast.Setting[] {
  return nodes(cst, "setting").map((item) => ({
    kind: "setting",
    ...toNamed(reading, item),
    value: toValue(reading, item),
  }));
}
