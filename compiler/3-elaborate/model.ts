import type {
  Binding,
  Call,
  Flow,
  Group,
  Input,
  Model as ModelDeclaration,
  Output,
  Span,
} from "../../grammar/index.ts";
import type { AddNode, Model, NodeId } from "../ir/index.ts";
import { channelsOf, printType } from "../ir/index.ts";
import { combinatorByName, opByName } from "../ops/index.ts";
import { barrierOf } from "./barrier.ts";
import { elaborateNested, instantiateBlock } from "./block.ts";
import { elaborateItem, noStep, unrolled } from "./chain.ts";
import type { Environment } from "./context.ts";
import { inputNode } from "./input.ts";
import { ModelBuilder, addAffine, addBarrier, addBlock, extendIsland } from "./nodes.ts";
import { prune } from "./prune.ts";
import { checkRequires } from "./require.ts";

/** All nodes of a model; `shape` replaces the declared input shape. */
export function elaborateModel(
  environment: Environment,
  model: ModelDeclaration,
  entry: string,
  shape: readonly number[] | undefined,
): Model {
  const { context } = environment;
  const name = model.name.text;
  const [input, secondInput] = model.inputs;
  if (!input) return context.abandon("shape/missing-input", model.name.span, { model: name });
  const [output, secondOutput] = model.outputs;
  if (!output) return context.abandon("shape/missing-output", model.name.span, { model: name });
  checkSingle(environment, "inputs", input, secondInput);
  checkSingle(environment, "outputs", output, secondOutput);
  checkRequires(environment, model);
  const builder = new ModelBuilder();
  const known = new Map<string, NodeId>();
  known.set(input.name.text, builder.add(inputNode(environment, input, shape)));
  const bound = model.bindings.map((binding) =>
    context.attempt(() => bindFlow(environment, builder, known, binding)),
  );
  const last = elaborateFlow(environment, builder, known, output.flow, "output", newCounter());
  if (bound.includes(undefined)) throw context.abandoned();
  return prune({ entry, nodes: builder.nodes, output: last });
}

function checkSingle(
  { context }: Environment,
  kind: "inputs" | "outputs",
  first: Input | Output,
  second: Input | Output | undefined,
): void {
  if (!second) return;
  const names = [first, second].flatMap((one) => (one.kind === "input" ? one.name.text : []));
  const name = [...new Set(names)].join("` and `") || "output";
  const related = [{ span: first.span, label: "the first one" }];
  const help = "keep one: a model has one input and one output";
  context.abandon("name/duplicate", second.span, { kind, name }, { related, help });
}

function bindFlow(
  environment: Environment,
  builder: ModelBuilder,
  known: Map<string, NodeId>,
  { name, flow }: Binding,
): NodeId {
  const id = elaborateFlow(environment, builder, known, flow, name.text, newCounter());
  known.set(name.text, id);
  return id;
}

/** Numbers the steps of one binding, and its sums. */
interface Counter {
  next: number;
  sums: number;
}

function newCounter(): Counter {
  return { next: 0, sums: 0 };
}

function elaborateFlow(
  environment: Environment,
  builder: ModelBuilder,
  known: ReadonlyMap<string, NodeId>,
  flow: Flow,
  path: string,
  counter: Counter,
): NodeId {
  const sources = flow.sources.map((source): Source => {
    const { span } = source;
    if (source.kind === "parenthesised")
      return { span, id: elaborateFlow(environment, builder, known, source.flow, path, counter) };
    return { span, id: known.get(source.name.text) ?? raise(environment) };
  });
  let at = sources.reduce((left, right) => {
    counter.sums += 1;
    const own = `${path}.sum${counter.sums > 1 ? counter.sums : ""}`;
    return addNode(environment, builder, left, right, { path: own, span: flow.span });
  }).id;
  // What a source names may have other readers; what a step of this flow made has none.
  let isOwn = false;
  for (const item of unrolled(environment, flow.steps)) {
    at = elaborateStep(environment, builder, item, { at, isOwn }, `${path}.${counter.next++}`);
    isOwn = true;
  }
  return at;
}

function raise({ context }: Environment): never {
  throw context.abandoned();
}

/** A term of a sum, and where it stands. */
interface Source {
  readonly id: NodeId;
  readonly span: Span;
}

function addNode(
  { context, owner }: Environment,
  builder: ModelBuilder,
  left: Source,
  right: Source,
  { path, span }: Pick<AddNode, "path" | "span">,
): Source {
  context.countNodes(span, owner);
  const [a, b] = [builder.node(left.id), builder.node(right.id)];
  if (JSON.stringify(a.type) !== JSON.stringify(b.type)) {
    const parameters = { left: printType(a.type), right: printType(b.type) };
    const related = [{ span: left.span, label: parameters.left }];
    context.abandon("shape/sum", right.span, parameters, { related });
  }
  const sign = a.sign === "nonnegative" && b.sign === "nonnegative" ? "nonnegative" : "any";
  const inputs = [left.id, right.id] as const;
  const id = builder.add({ kind: "add", path, inputs, type: a.type, sign, span });
  return { id, span: left.span };
}

/** Steps in parentheses, so that they can be repeated together: `(A(8) -> B(8)) * 3`. */
function elaborateSteps(
  environment: Environment,
  builder: ModelBuilder,
  { terms }: Group,
  from: From,
  path: string,
): NodeId {
  const steps = terms.flatMap((term) => term.chain.steps);
  let [{ at, isOwn }, index] = [from, 0];
  for (const item of unrolled(environment, steps)) {
    at = elaborateStep(environment, builder, item, { at, isOwn }, `${path}.${index++}`);
    isOwn = true;
  }
  return at;
}

/** What a step reads. */
interface From {
  readonly at: NodeId;
  /** Nothing else reads it. */
  readonly isOwn: boolean;
}

function elaborateStep(
  environment: Environment,
  builder: ModelBuilder,
  item: Call | Group,
  from: From,
  path: string,
): NodeId {
  const { context, scope } = environment;
  const { at, isOwn } = from;
  if (item.kind === "group" && item.terms.length === 1)
    return context.nested(item.span, () => elaborateSteps(environment, builder, item, from, path));
  const barrier = item.kind === "call" ? barrierOf(environment, item, path) : undefined;
  if (barrier) return barrier === "none" ? at : addBarrier(environment, builder, barrier, at);
  const entering = channelsOf(builder.node(at).type);
  const label = item.kind === "call" ? item.name.text : "sum";
  if (item.kind === "group" || opByName.has(label) || combinatorByName.has(label)) {
    const chain = {
      environment,
      wanted: entering,
      inherited: {},
      branch: undefined,
      nested: elaborateNested,
    };
    const body = elaborateItem(chain, item, entering, path);
    const extended = isOwn ? extendIsland(builder, at, body) : undefined;
    return extended ?? addAffine(environment, builder, body, at, path, label);
  }
  const bound = scope.get(item.name.text);
  const isParam = environment.values.has(item.name.text);
  if (isParam || bound?.declaration.kind !== "block") return noStep(environment, item);
  const { declaration, scope: own } = bound;
  const instance = instantiateBlock(environment, declaration, own, item, entering, path);
  return addBlock(environment, builder, instance, at, path, item.span);
}
