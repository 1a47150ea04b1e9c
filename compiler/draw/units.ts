import type { AddNode, InputNode, Island, MapNode, Model, Node, NodeId } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";

/** What a person calls a block: an island and what its `then` leaves behind it. Other nodes stand alone. */
export interface Unit {
  readonly nodes: readonly (InputNode | Island | MapNode | AddNode)[];
  readonly ids: readonly NodeId[];
  /** Indices of the units that flow in. */
  readonly inputs: readonly number[];
}

/** The units of a model in executable order. */
export function unitsOf({ nodes }: Model): readonly Unit[] {
  const uses = useCounts(nodes);
  const groups: NodeId[][] = [];
  nodes.forEach((node, id) => {
    const open = groups.at(-1);
    if (open && belongs(nodes, open, node, uses)) open.push(id);
    else groups.push([id]);
  });
  const owner = new Map(groups.flatMap((ids, index) => ids.map((id) => [id, index] as const)));
  return groups.map((ids) => ({
    ids,
    nodes: ids.flatMap((id) => nodes[id] ?? []),
    inputs: inputsOf(nodes[ids[0] ?? 0]).flatMap((id) => owner.get(id) ?? []),
  }));
}

export function inputsOf(node: Node | undefined): readonly NodeId[] {
  if (!node || node.kind === "input") return [];
  return node.kind === "add" ? node.inputs : [node.input];
}

function useCounts(nodes: readonly Node[]): ReadonlyMap<NodeId, number> {
  const counts = new Map<NodeId, number>();
  for (const id of nodes.flatMap(inputsOf)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/** A node of the `then` of the island that begins the open group, and the only one to use what the group yields. */
function belongs(
  nodes: readonly Node[],
  open: readonly NodeId[],
  node: Node,
  uses: ReadonlyMap<NodeId, number>,
): boolean {
  const [first] = open;
  const last = open.at(-1);
  const block = nodes[first ?? 0];
  if (block?.kind !== "island" || last === undefined) return false;
  if (node.kind !== "island" && node.kind !== "map") return false;
  const isBehind = node.input === last && uses.get(last) === 1;
  return isBehind && node.path.startsWith(weightPath(block.path, "then."));
}
