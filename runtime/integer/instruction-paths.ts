import type { Graph, Instruction, ValueId } from "../../compiler/ir/graph.ts";

/**
 * Where in the spec each value of a graph comes from: a convolution has the path of its kernel's block (`s1.0` for the kernel `s1.0.kernel`),
 * a quantizer its own path, a mean or a sum that of the quantizer in front of it; everything else, and these without a quantizer, stays where
 * its first argument was. What belongs to the entry itself is at `block`.
 */
export function instructionPaths(graph: Graph): ReadonlyMap<ValueId, string> {
  const paths = new Map<ValueId, string>();
  const quantized = new Set<ValueId>();
  for (const instruction of graph.instructions) {
    const path = pathOf(instruction, paths, quantized);
    for (const result of instruction.results) {
      paths.set(result, path);
      if (instruction.op === "quantize") quantized.add(result);
    }
  }
  return paths;
}

/** A quantizer in front of a mean or a sum belongs to the place in the spec that the op itself has. */
const operands: Readonly<Record<string, readonly string[]>> = {
  global_avg: ["input"],
  add: ["left", "right"],
};

function pathOf(
  { op, args, attributes }: Instruction,
  paths: ReadonlyMap<ValueId, string>,
  quantized: ReadonlySet<ValueId>,
): string {
  const own = attributes["path"];
  if (typeof own === "string") return own;
  if (op === "input") return "input";
  const sourceOf = (arg: ValueId = ""): string => {
    const source = paths.get(arg);
    if (source === undefined) throw new Error(`repqc bug: ${op} has no source`);
    return source;
  };
  if (op === "conv") return parent(sourceOf(args[1]), "kernel");
  const at = args.findIndex((arg, i) => operands[op]?.[i] !== undefined && quantized.has(arg));
  return at < 0 ? sourceOf(args[0]) : parent(sourceOf(args[at]), operands[op]?.[at] ?? "");
}

/** `s1.0` for `s1.0.kernel`, `block` for `kernel`. */
function parent(path: string, name: string): string {
  if (path === name) return "block";
  return path.endsWith(`.${name}`) ? path.slice(0, -name.length - 1) : path;
}
