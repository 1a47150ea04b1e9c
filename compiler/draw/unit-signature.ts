import type { Island, MapNode, Node, QuantizedModel } from "../ir/index.ts";
import { formatOf, rangeOf } from "./badges.ts";
import { printShape } from "./numbers.ts";
import { signatureOf } from "./peers.ts";
import type { Unit } from "./units.ts";

/** What two units have in common that are drawn as one: everything but their weights' paths. */
export function exactSignature({ nodes, ids }: Unit, { quantizers }: QuantizedModel): string {
  return nodes
    .map((node, index) => {
      const own = quantizers.get(ids[index] ?? -1) ?? {};
      const grids = [own.input, own.left, own.right, own.kernel].map((one) =>
        one ? `${formatOf(one)}${rangeOf(one)}${one.granularity}` : "",
      );
      return [nodeSignature(node), printShape(node.type), ...grids].join(" ");
    })
    .join(";");
}

/** What blocks have in common whose branches differ in numbers of channels alone; stride and what follows the branches may be others. */
export function branchesSignature({ nodes }: Unit): string {
  const islands = nodes.filter((node) => node.kind === "island");
  return islands.map(({ label, body }) => `${label} ${signatureOf(body, false)}`).join(";");
}

function nodeSignature(node: Node): string {
  switch (node.kind) {
    case "input":
      return `input ${node.name}`;
    case "add":
      return "add";
    case "map":
      return mapSignature(node);
    case "island":
      return islandSignature(node);
  }
}

function mapSignature({ op, params }: MapNode): string {
  return `${op.name}${JSON.stringify(params)}`;
}

function islandSignature({ label, promised, body }: Island): string {
  const { size, dilation, stride, groups, pads } = promised;
  const shape = [size.height, size.width, dilation, stride, ...pads, groups];
  return `${label} ${shape.join(",")} ${signatureOf(body)}`;
}
