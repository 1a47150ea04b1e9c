import type { Model, Node, NodeId } from "../ir/index.ts";

/** A model without the nodes that its output does not depend on; the input always stays. */
export function prune({ entry, nodes, output }: Model): Model {
  const isNeeded = nodes.map((node) => node.kind === "input");
  isNeeded[output] = true;
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id];
    if (!node || isNeeded[id] !== true) continue;
    for (const source of inputsOf(node)) isNeeded[source] = true;
  }
  const renumbered = new Map<NodeId, NodeId>();
  const kept: Node[] = [];
  nodes.forEach((node, id) => {
    if (isNeeded[id] !== true) return;
    renumbered.set(id, kept.length);
    kept.push(withInputs(node, (source) => renumbered.get(source) ?? missing(source)));
  });
  return { entry, nodes: kept, output: renumbered.get(output) ?? missing(output) };
}

function inputsOf(node: Node): readonly NodeId[] {
  if (node.kind === "input") return [];
  return node.kind === "add" ? node.inputs : [node.input];
}

function withInputs(node: Node, at: (id: NodeId) => NodeId): Node {
  if (node.kind === "input") return node;
  if (node.kind === "add") {
    const [left, right] = node.inputs;
    return { ...node, inputs: [at(left), at(right)] };
  }
  return { ...node, input: at(node.input) };
}

function missing(id: NodeId): never {
  throw new Error(`repqc bug: node ${id} is used before it is defined`);
}
