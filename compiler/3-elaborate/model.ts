import type {
  Binding,
  Call,
  Flow,
  Group,
  Input,
  Model as ModelDeclaration,
  Span,
} from "../../grammar/index.ts";
import type { Model, Node, NodeId } from "../ir/index.ts";
import { channelsOf, printType } from "../ir/index.ts";
import { opByName } from "../ops/index.ts";
import { barrierOf } from "./barrier.ts";
import { instantiateBlock } from "./block.ts";
import { elaborateOp, unrolled } from "./chain.ts";
import type { Environment } from "./context.ts";
import { evaluate } from "./evaluate.ts";
import { ModelBuilder, addAffine, addBarrier, addBlock, checkSize } from "./nodes.ts";

/** Height and width that stand for `_` in `image[_, _, 3]` where nobody says otherwise. */
const anySide = 32;

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
  for (const second of [secondInput, secondOutput]) {
    if (!second) continue;
    const kind = second.kind === "input" ? "inputs" : "outputs";
    context.abandon("name/duplicate", second.span, {
      kind,
      name: second.kind === "input" ? second.name.text : "output",
    });
  }
  const builder = new ModelBuilder();
  const known = new Map<string, NodeId>();
  known.set(input.name.text, builder.add(inputNode(environment, input, shape)));
  for (const binding of model.bindings) bindFlow(environment, builder, known, binding);
  const last = elaborateFlow(environment, builder, known, output.flow, "output", { next: 0 });
  return { entry, nodes: builder.nodes, output: last };
}

function bindFlow(
  environment: Environment,
  builder: ModelBuilder,
  known: Map<string, NodeId>,
  { name, flow }: Binding,
): void {
  known.set(name.text, elaborateFlow(environment, builder, known, flow, name.text, { next: 0 }));
}

function inputNode(
  environment: Environment,
  { name, shape, span, type }: Input,
  given: readonly number[] | undefined,
): Node {
  const { context } = environment;
  const complain = (found: string): never =>
    context.abandon("shape/input", shape.span, {
      name: name.text,
      expected: "`image[height, width, channels]`",
      found,
    });
  if (type.text !== "image") complain(`\`${type.text}\``);
  if (shape.items.length !== 3) complain(`${shape.items.length} numbers`);
  const declared = shape.items.map((item, index) => {
    const isAny = item.kind === "call" && item.name.text === "_";
    if (isAny) return index < 2 ? undefined : complain("`_` channels");
    const value = evaluate(environment, item);
    return typeof value === "number" && Number.isInteger(value) && value > 0
      ? value
      : complain("something else");
  });
  const sides = declared.map((side, index) => given?.[index] ?? side ?? anySide);
  const [height = anySide, width = anySide, channels = 1] = sides;
  const wanted = declared.map((side) => side ?? "_").join(", ");
  const fits =
    given === undefined ||
    (given.length === 3 && declared.every((side, index) => index < 2 || side === given[index]));
  if (!fits)
    context.abandon("shape/input", shape.span, {
      name: name.text,
      expected: `[${wanted}]`,
      found: `[${given.join(", ")}]`,
    });
  checkSize(environment, { kind: "map", height, width, channels }, name.text, span);
  return {
    kind: "input",
    name: name.text,
    type: { kind: "map", height, width, channels },
    isOpen: [declared[0] === undefined, declared[1] === undefined],
    sign: "any",
    span,
  };
}

/** Numbers the steps of one binding. */
interface Counter {
  next: number;
}

function elaborateFlow(
  environment: Environment,
  builder: ModelBuilder,
  known: ReadonlyMap<string, NodeId>,
  flow: Flow,
  path: string,
  counter: Counter,
): NodeId {
  const sources = flow.sources.map((source) => {
    if (source.kind === "parenthesised")
      return elaborateFlow(environment, builder, known, source.flow, path, counter);
    return known.get(source.name.text) ?? raise(environment);
  });
  const [first = 0, ...others] = sources;
  let at = others.reduce(
    (left, right) => addNode(environment, builder, left, right, flow.span),
    first,
  );
  for (const item of unrolled(environment, flow.steps)) {
    environment.context.countNode(item.span, environment.owner);
    at = elaborateStep(environment, builder, item, at, `${path}.${counter.next++}`);
  }
  return at;
}

function raise({ context }: Environment): never {
  throw context.abandoned();
}

function addNode(
  environment: Environment,
  builder: ModelBuilder,
  left: NodeId,
  right: NodeId,
  span: Span,
): NodeId {
  const [a, b] = [builder.node(left), builder.node(right)];
  if (JSON.stringify(a.type) !== JSON.stringify(b.type)) {
    environment.context.abandon("shape/sum", span, {
      left: printType(a.type),
      right: printType(b.type),
    });
  }
  const sign = a.sign === "nonnegative" && b.sign === "nonnegative" ? "nonnegative" : "any";
  return builder.add({ kind: "add", inputs: [left, right], type: a.type, sign, span });
}

function elaborateStep(
  environment: Environment,
  builder: ModelBuilder,
  item: Call | Group,
  at: NodeId,
  path: string,
): NodeId {
  const { context, scope } = environment;
  if (item.kind === "group") {
    return context.abandon("name/wrong-kind", item.span, {
      name: "( )",
      found: "a sum of branches",
      expected: "an op or a block",
    });
  }
  const barrier = barrierOf(environment, item, path);
  if (barrier) return barrier === "none" ? at : addBarrier(environment, builder, barrier, at);
  const op = opByName.get(item.name.text);
  const entering = channelsOf(builder.node(at).type);
  if (op?.kind === "affine") {
    const body = elaborateOp(
      { environment, wanted: entering, inherited: {} },
      item,
      op,
      entering,
      path,
    );
    return addAffine(environment, builder, body, at, path, op.name);
  }
  const bound = scope.get(item.name.text);
  if (bound?.declaration.kind !== "block") return raise(environment);
  const { declaration, scope: own } = bound;
  const instance = instantiateBlock(environment, declaration, own, item, entering, path);
  return addBlock(environment, builder, instance, at, path, item.span);
}
