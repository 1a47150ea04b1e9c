import type { Graph, Instruction, ValueId } from "../../compiler/ir/graph.ts";

/**
 * Where channels may be scaled and the function stays: a convolution writes a value, ops that let positive factors per
 * channel pass follow, and nothing but convolutions (a dense layer is one) reads it.
 */
export interface Seam {
  readonly channels: number;
  /** Paths of the weights whose output channels make the value: a kernel, and perhaps a bias. */
  readonly writers: readonly string[];
  readonly readers: readonly Reader[];
}

/** A convolution that reads a seam's value. */
export interface Reader {
  /** What it reads. */
  readonly value: ValueId;
  /** Path of its kernel. */
  readonly kernel: string;
  readonly groups: number;
}

/** `f(a * x) = a * f(x)` for a > 0 per channel. */
const letPass: ReadonlySet<string> = new Set([
  "relu",
  "prelu",
  "max_pool",
  "global_avg",
  "pad",
  "crop",
]);

/** All seams of a deploy graph without quantizers, in its order. */
export function findSeams(graph: Graph): readonly Seam[] {
  const known = indexGraph(graph);
  return graph.instructions
    .filter(({ op }) => op === "conv")
    .flatMap((conv) => {
      const [value = ""] = conv.results;
      const readers = readersOf(value, known);
      const writers = conv.args.slice(1).map((id) => pathOf(id, known));
      const [type] = conv.types;
      const channels = type !== undefined && "channels" in type ? type.channels : 0;
      return readers && readers.length > 0 ? [{ channels, writers, readers }] : [];
    });
}

interface GraphIndex {
  readonly makers: ReadonlyMap<ValueId, Instruction>;
  readonly users: ReadonlyMap<ValueId, readonly Instruction[]>;
  readonly outputs: ReadonlySet<ValueId>;
}

function indexGraph({ instructions, outputs }: Graph): GraphIndex {
  const makers = new Map<ValueId, Instruction>();
  const users = new Map<ValueId, Instruction[]>();
  for (const instruction of instructions) {
    for (const result of instruction.results) makers.set(result, instruction);
    for (const id of instruction.args) users.set(id, [...(users.get(id) ?? []), instruction]);
  }
  return { makers, users, outputs: new Set(Object.values(outputs)) };
}

/** The convolutions that read a value; nothing where anything else reads it, too. */
function readersOf(value: ValueId, known: GraphIndex): readonly Reader[] | undefined {
  if (known.outputs.has(value)) return undefined;
  const found: Reader[] = [];
  for (const { op, args, results, attributes } of known.users.get(value) ?? []) {
    const [, kernel = ""] = args;
    const behind =
      op === "conv"
        ? [{ value, kernel: pathOf(kernel, known), groups: Number(attributes["groups"]) }]
        : letPass.has(op)
          ? readersOf(results[0] ?? "", known)
          : undefined;
    if (!behind) return undefined;
    found.push(...behind);
  }
  return found;
}

function pathOf(id: ValueId, { makers }: GraphIndex): string {
  const path = makers.get(id)?.attributes["path"];
  if (typeof path === "string") return path;
  throw new Error(`repqc bug: ${id} of a deploy graph is no weight`);
}
