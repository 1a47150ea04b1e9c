import type { Affine, AffineStep, Island, MapNode, Model, Node } from "../../compiler/ir/index.ts";
import { channelsOf, declarationsOf, weightPath } from "../../compiler/ir/index.ts";
import { unreadable } from "./problems.ts";

/** Which of PyTorch's outputs each output of ours is. */
export type OutputOrder = (output: number) => number;

/**
 * PyTorch's `PixelShuffle(s)` takes pixel (i, j) of channel c from channel c·s² + i·s + j, our `depth_to_space` from (i·s + j)·C + c. So
 * whatever makes the channels in front of a `depth_to_space` has its outputs in another order in a checkpoint. With one colour both are
 * the same.
 *
 * @returns by path of a weight, or of a merged kernel or bias
 * @throws ForeignFile where the order cannot be changed in the weights alone
 */
export function outputOrders(model: Model, file: string): ReadonlyMap<string, OutputOrder> {
  const orders = new Map<string, OutputOrder>();
  for (const node of model.nodes) {
    const pixels = pixelsOf(node);
    if (node.kind !== "map" || pixels <= 1) continue;
    const colours = channelsOf(node.type);
    if (colours === 1) continue;
    const order = (output: number) => (output % colours) * pixels + Math.floor(output / colours);
    for (const path of pathsBefore(model, node, file)) orders.set(path, order);
  }
  return orders;
}

/** How many pixels a `depth_to_space` makes of one; 1 for other nodes. */
function pixelsOf(node: Node): number {
  if (node.kind !== "map" || node.op.name !== "depth_to_space") return 1;
  return Number(node.params["scale"]) ** 2;
}

/** Every weight of which an output is a channel in front of the node. */
function pathsBefore({ nodes }: Model, start: MapNode, file: string): readonly string[] {
  const paths: string[] = [];
  const visit = (id: number): void => {
    const node = nodes[id];
    if (node === undefined || node.kind === "input") return;
    // A tiled image has the same numbers in both orders.
    if (node.kind === "map" && node.op.name === "tile") return;
    if (nodes.filter((other) => usesOf(other).includes(id)).length > 1) {
      throw cannotReorder(file, start.path);
    }
    if (node.kind === "add") return node.inputs.forEach(visit);
    if (node.kind === "map") {
      if (!keepsChannels(node, nodes)) throw cannotReorder(file, node.path);
      paths.push(
        ...Object.keys(node.op.weights(node.params, channelsOf(node.type))).map(pathIn(node)),
      );
      return visit(node.input);
    }
    paths.push(...["kernel", "bias"].map(pathIn(node)));
    if (markOutputs(node.body, paths, node, file)) throw cannotReorder(file, node.path);
  };
  visit(start.input);
  return paths;
}

function keepsChannels({ input, type }: MapNode, nodes: readonly Node[]): boolean {
  const before = nodes[input]?.type;
  return before !== undefined && channelsOf(before) === channelsOf(type);
}

function pathIn({ path }: { readonly path: string }): (name: string) => string {
  return (name) => weightPath(path, name);
}

function usesOf(node: Node): readonly number[] {
  if (node.kind === "input") return [];
  return node.kind === "add" ? node.inputs : [node.input];
}

/** Collects the weights whose outputs are those of a map. @returns whether its inputs are in that order too */
function markOutputs(map: Affine, paths: string[], island: Island, file: string): boolean {
  switch (map.kind) {
    case "step":
      paths.push(...Object.keys(declarationsOf(map)).map(pathIn(map)));
      return !mixesAllChannels(map);
    case "chain":
      return map.steps.toReversed().every((step) => markOutputs(step, paths, island, file));
    case "sum":
      return map.terms
        .map(({ map: term }) => markOutputs(term, paths, island, file))
        .includes(true);
    case "concat":
    case "split":
      throw cannotReorder(file, island.path);
  }
}

/** Then its outputs can be reordered whatever its inputs are; an identity inside ties the two together. */
function mixesAllChannels(step: AffineStep): boolean {
  const { kernel } = declarationsOf(step);
  return kernel?.kind === "kernel" && kernel.groups === 1 && step.params["residual"] !== true;
}

function cannotReorder(file: string, path: string): Error {
  const reason = `PyTorch orders the channels of \`${path}\` in another way, and they are used elsewhere too`;
  const help = "Reorder them in Python before the weights are saved.";
  return unreadable(file, reason, help);
}
