import type { Span } from "../../grammar/index.ts";
import type { Affine, Node, NodeId, Promised, ValueType } from "../ir/index.ts";
import { countWindows, extentOf, groupsOf, hasKernel, latticeOf, printType } from "../ir/index.ts";
import { limits } from "../limits.ts";
import type { Sign } from "../ops/index.ts";
import type { Barrier } from "./barrier.ts";
import type { BlockInstance } from "./block-instance.ts";
import type { Environment } from "./context.ts";
import { checkReach, promised as promiseOf, wholeReach } from "./promise.ts";

/** Nodes under construction. */
export class ModelBuilder {
  readonly nodes: Node[] = [];

  add(node: Node): NodeId {
    this.nodes.push(node);
    return this.nodes.length - 1;
  }

  node(id: NodeId): Node {
    const node = this.nodes[id];
    if (!node) throw new Error(`repqc bug: there is no node ${id}`);
    return node;
  }
}

/** Bounds what one sample of a map holds. */
export function checkSize(
  { context }: Environment,
  type: ValueType,
  name: string,
  span: Span,
): void {
  if (type.kind !== "map") return;
  if (type.channels > limits.channels)
    context.abandon("limit/channels", span, { found: type.channels, limit: limits.channels });
  const found = type.height * type.width * type.channels;
  if (found <= limits.mapSize) return;
  context.abandon("limit/size", span, { name, found, limit: limits.mapSize });
}

/** A block instance as nodes: its island, then what `then` leaves. */
export function addBlock(
  environment: Environment,
  builder: ModelBuilder,
  { rest, ...block }: BlockInstance,
  from: NodeId,
  path: string,
  span: Span,
): NodeId {
  let at = addIsland(environment, builder, block, from, path, span);
  for (const part of rest) {
    at =
      part.kind === "barrier"
        ? addBarrier(environment, builder, part, at)
        : (extendIsland(builder, at, part.body) ??
          addAffine(environment, builder, part.body, at, part.path, block.label));
  }
  return at;
}

/**
 * Lets an island go on with affine ops that have no taps: they merge into its convolution, at borders too. Only for the island's one reader.
 * @returns nothing where there is no island, or the ops have taps
 */
export function extendIsland(builder: ModelBuilder, at: NodeId, body: Affine): NodeId | undefined {
  const node = builder.node(at);
  if (node.kind !== "island" || hasKernel(body)) return undefined;
  builder.nodes[at] = { ...node, body: followedBy(node.body, body) };
  return at;
}

function followedBy(first: Affine, second: Affine): Affine {
  const steps = first.kind === "chain" ? first.steps : [first];
  return {
    kind: "chain",
    steps: [...steps, second],
    in: first.in,
    out: second.out,
    span: first.span,
  };
}

/** An affine op outside a block is an island by itself that keeps the size of its map. */
export function addAffine(
  environment: Environment,
  builder: ModelBuilder,
  body: Affine,
  from: NodeId,
  path: string,
  label: string,
): NodeId {
  const extent = extentOf(body);
  checkReach(environment, wholeReach(extent), body.span);
  // Where there are only factors per channel, as many groups as channels: one number each, not a matrix.
  const apart = builder.node(from).type.kind === "map" ? body.in : 1;
  const groups = groupsOf(body) ?? apart;
  const lattice = { extent, dilation: latticeOf(body) };
  const promised = promiseOf({ stride: 1, groups, pad: undefined }, lattice);
  return addIsland(
    environment,
    builder,
    { promised, promisedAt: body.span, wording: undefined, body, label },
    from,
    path,
    body.span,
  );
}

function addIsland(
  environment: Environment,
  builder: ModelBuilder,
  { promised, promisedAt, wording, body, label }: Omit<BlockInstance, "rest">,
  from: NodeId,
  path: string,
  span: Span,
): NodeId {
  const type = islandType(environment, builder.node(from).type, promised, body.out, label, span);
  checkSize(environment, type, label, span);
  const { height, width } = promised.size;
  const taps = (height * width * body.in * body.out) / promised.groups;
  environment.context.countWeights(span, label, taps);
  return builder.add({
    kind: "island",
    path,
    promisedAt,
    wording,
    input: from,
    promised,
    body,
    label,
    type,
    sign: "any",
    span,
  });
}

function islandType(
  { context }: Environment,
  input: ValueType,
  promised: Promised,
  out: number,
  label: string,
  span: Span,
): ValueType {
  const { size, stride, pads } = promised;
  const problem = (text: string): never =>
    context.abandon("shape/size", span, {
      what: label,
      found: printType(input),
      problem: text,
    });
  if (input.kind === "features") {
    const isPoint = size.height * size.width === 1 && stride === 1 && Math.max(...pads) === 0;
    if (!isPoint) problem("features have no positions");
    return { kind: "features", channels: out };
  }
  if (input.kind !== "map")
    throw new Error("repqc bug: an island behind something that is not an activation");
  const { height, width } = countWindows(input, size, promised);
  const reach = wholeReach(promised.extent);
  if (height < 1 || width < 1)
    problem(`a ${reach.height}x${reach.width} kernel is larger than the map`);
  return { kind: "map", height, width, channels: out };
}

/** A non-affine op. */
export function addBarrier(
  environment: Environment,
  builder: ModelBuilder,
  { op, params, path, call }: Barrier,
  from: NodeId,
): NodeId {
  const input = builder.node(from);
  const type = op.result(params, input.type);
  if (typeof type === "string") {
    return environment.context.abandon("shape/size", call.span, {
      what: op.name,
      found: printType(input.type),
      problem: type,
    });
  }
  checkSize(environment, type, op.name, call.span);
  const sign: Sign = op.sign(input.sign);
  return builder.add({ kind: "map", op, params, path, input: from, type, sign, span: call.span });
}
