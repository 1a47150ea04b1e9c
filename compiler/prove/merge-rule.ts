import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { AffineStep, Graph, Instruction, Island } from "../ir/index.ts";
import { compose, declarationsOf, identityMap, materialize, weightPath } from "../ir/index.ts";
import { replay } from "./replay.ts";

/** A weight that a rule asks for: HWIO of a kernel, [size] of a vector. */
export interface WeightLeaf {
  readonly path: string;
  readonly kind: "kernel" | "vector";
  readonly shape: readonly number[];
  readonly groups: number;
}

export type ReadLeaf<K, V> = (leaf: WeightLeaf) => K | V;

/** How an island's kernel and bias follow from its weights, over any interpretation of the kernel algebra. */
export type MergeRule = <K, V>(
  algebra: KernelAlgebra<K, V>,
  read: ReadLeaf<K, V>,
) => { readonly kernel: K; readonly bias: V };

/** The rule as the compiler wrote it down: the part of a program's merge graph that makes the island's weights. */
export function recordedRule(merge: Graph, path: string): MergeRule {
  const [kernel, bias] = ["kernel", "bias"].map((name) => merge.outputs[weightPath(path, name)]);
  if (kernel === undefined || bias === undefined)
    throw new Error(`repqc bug: the merge graph makes no weights for \`${path}\``);
  return <K, V>(algebra: KernelAlgebra<K, V>, read: ReadLeaf<K, V>) => {
    const value = replay(merge, [kernel, bias], algebra, (leaf) => read(leafOf(leaf)));
    return { kernel: value(kernel) as K, bias: value(bias) as V };
  };
}

/** The instructions that make an island's weights as text, paths as seen from the island: equal for islands that are merged alike. */
export function recordedText(merge: Graph, path: string): string {
  const needed = new Set(["kernel", "bias"].map((name) => merge.outputs[weightPath(path, name)]));
  const numbers = new Map<string, number>();
  const kept: Instruction[] = [];
  for (const one of merge.instructions.toReversed()) {
    if (!one.results.some((result) => needed.has(result))) continue;
    one.args.forEach((arg) => needed.add(arg));
    kept.push(one);
  }
  const inOrder = kept.toReversed();
  inOrder.forEach((one) => one.results.forEach((result) => numbers.set(result, numbers.size)));
  const relative = (value: unknown) =>
    typeof value === "string" && value.startsWith(`${path}.`) ? value.slice(path.length) : value;
  return JSON.stringify(
    inOrder.map(({ op, args, attributes }) => [
      op,
      args.map((arg) => numbers.get(arg)),
      Object.entries(attributes).map(([name, value]) => [name, relative(value)]),
    ]),
  );
}

/** The rule as `compose` derives it from the branches. */
export function derivedRule({ body, promised }: Pick<Island, "body" | "promised">): MergeRule {
  return <K, V>(algebra: KernelAlgebra<K, V>, read: ReadLeaf<K, V>) => {
    const weight = (step: AffineStep, name: string) => {
      const declared = declarationsOf(step)[name];
      if (!declared) throw new Error(`repqc bug: ${step.op.name} has no weight ${name}`);
      return read({ ...declared, path: weightPath(step.path, name) });
    };
    const statistics = (step: AffineStep) => ({
      mean: weight(step, "mean") as V,
      variance: weight(step, "variance") as V,
    });
    const map = compose({ algebra, weight, statistics }, body, identityMap<K, V>(body.in));
    return materialize(algebra, map, promised);
  };
}

function leafOf({ attributes, types }: Instruction): WeightLeaf {
  const path = attributes["path"] as string;
  const [type] = types;
  if (type?.kind === "kernel") {
    const { height, width, in: inputs, out, groups } = type;
    return { path, kind: "kernel", shape: [height, width, inputs, out], groups };
  }
  if (type?.kind === "vector") return { path, kind: "vector", shape: [type.size], groups: 1 };
  throw new Error(`repqc bug: the merge graph reads \`${path}\`, neither kernel nor vector`);
}
