import type { Graph, Instruction, ValueId } from "../../compiler/ir/graph.ts";

/**
 * Where in the spec each value of a graph comes from: a convolution has the path of its kernel's block (`s1.0` for the kernel `s1.0.kernel`),
 * a quantizer its own path; everything else stays where its first argument was. What belongs to the entry itself is at `block`.
 */
export function instructionPaths(graph: Graph): ReadonlyMap<ValueId, string> {
  const paths = new Map<ValueId, string>();
  for (const instruction of graph.instructions) {
    const path = pathOf(instruction, paths);
    for (const result of instruction.results) paths.set(result, path);
  }
  return paths;
}

function pathOf(instruction: Instruction, paths: ReadonlyMap<ValueId, string>): string {
  const { op, args, attributes } = instruction;
  const own = attributes["path"];
  if (typeof own === "string") return own;
  if (op === "input") return "input";
  const source = paths.get(args[op === "conv" ? 1 : 0] ?? "");
  if (source === undefined) throw new Error(`repqc bug: ${op} has no source`);
  if (op === "conv") return parent(source, "kernel");
  // The quantizer in front of a mean or a sum belongs to the place in the spec that the op itself has.
  const operand = { global_avg: "input", add: "left" }[op];
  return operand === undefined ? source : parent(source, operand);
}

/** `s1.0` for `s1.0.kernel`, `block` for `kernel`. */
function parent(path: string, name: string): string {
  if (path === name) return "block";
  return path.endsWith(`.${name}`) ? path.slice(0, -name.length - 1) : path;
}
