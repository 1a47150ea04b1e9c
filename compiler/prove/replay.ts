import type { Frame, KernelAlgebra, Size, Table } from "../algebra/kernel-algebra.ts";
import type { Graph, Instruction, ValueId } from "../ir/index.ts";

type Attributes = Instruction["attributes"];
type Replay = (
  algebra: KernelAlgebra<unknown, unknown>,
  args: readonly unknown[],
  attributes: Attributes,
) => unknown;

/** Instructions back to the methods of the algebra that wrote them down (`ir/record.ts`). */
const replays: Readonly<Record<string, Replay>> = {
  identity_kernel: (algebra, _, at) => algebra.identity(int(at, "channels"), int(at, "groups")),
  fixed_kernel: (algebra, _, at) =>
    algebra.fixed(at["tables"] as readonly Table[], int(at, "channels")),
  select_kernel: (algebra, _, at) =>
    algebra.select(int(at, "channels"), int(at, "first"), int(at, "count")),
  fill: (algebra, _, at) => algebra.fill(int(at, "value"), int(at, "size")),
  scale_out: (algebra, [kernel, v]) => algebra.scaleOut(kernel, v),
  scale_in: (algebra, [kernel, v], at) => algebra.scaleIn(kernel, v, int(at, "groups")),
  add_kernels: (algebra, [a, b]) => algebra.addKernels(a, b),
  negate_kernel: (algebra, [kernel]) => algebra.negateKernel(kernel),
  embed: (algebra, [kernel], at) => algebra.embed(kernel, at as unknown as Frame),
  flip_kernel: (algebra, [kernel]) => algebra.flip(kernel),
  dilate: (algebra, [kernel], at) => algebra.dilate(kernel, at as unknown as Size),
  regroup: (algebra, [kernel], at) => algebra.regroup(kernel, int(at, "from"), int(at, "groups")),
  compose: (algebra, [first, second], at) => algebra.compose(first, second, int(at, "groups")),
  spread: (algebra, [pointwise, depthwise]) => algebra.spread(pointwise, depthwise),
  mix: (algebra, [grouped, point], at) => algebra.mix(grouped, point, int(at, "groups")),
  carry: (algebra, [v, kernel], at) => algebra.carry(v, kernel, int(at, "groups")),
  join_kernels: (algebra, parts, at) => algebra.joinKernels(parts, int(at, "groups")),
  join_vectors: (algebra, parts) => algebra.joinVectors(parts),
  add_vectors: (algebra, [a, b]) => algebra.add(a, b),
  subtract_vectors: (algebra, [a, b]) => algebra.subtract(a, b),
  multiply_vectors: (algebra, [a, b]) => algebra.multiply(a, b),
  negate_vector: (algebra, [a]) => algebra.negate(a),
  reciprocal_root: (algebra, [v], at) => algebra.reciprocalRoot(v, int(at, "epsilon")),
};

function int(attributes: Attributes, name: string): number {
  const value = attributes[name];
  if (typeof value !== "number") throw new Error(`repqc bug: an instruction without ${name}`);
  return value;
}

/** Computes what some values of a merge graph need, over another interpretation of the algebra. */
export function replay<K, V>(
  graph: Graph,
  wanted: readonly ValueId[],
  algebra: KernelAlgebra<K, V>,
  read: (leaf: Instruction) => K | V,
): (id: ValueId) => K | V {
  const values = new Map<ValueId, unknown>();
  const value = (id: ValueId) => {
    if (!values.has(id)) throw new Error(`repqc bug: ${id} is used before it is defined`);
    return values.get(id) as K | V;
  };
  for (const instruction of neededFor(graph, wanted)) {
    const { op, args, attributes, results } = instruction;
    const run = replays[op];
    if (!run && op !== "weight") throw new Error(`repqc bug: a merge graph with ${op}`);
    // An instruction's types keep kernels and vectors apart; here they are values of one kind.
    const any = algebra as unknown as KernelAlgebra<unknown, unknown>;
    const result = run ? run(any, args.map(value), attributes) : read(instruction);
    for (const id of results) values.set(id, result);
  }
  return value;
}

/** The instructions that some values depend on, in order. */
function neededFor(graph: Graph, wanted: readonly ValueId[]): readonly Instruction[] {
  const needed = new Set(wanted);
  return graph.instructions
    .toReversed()
    .filter(({ results, args }) => {
      const isNeeded = results.some((id) => needed.has(id));
      if (isNeeded) args.forEach((id) => needed.add(id));
      return isNeeded;
    })
    .toReversed();
}
