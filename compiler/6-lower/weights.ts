import type {
  AffineStep,
  GraphBuilder,
  Island,
  MapNode,
  KernelType,
  ValueId,
  ValueType,
} from "../ir/index.ts";
import { channelsOf, declarationsOf, weightPath } from "../ir/index.ts";

/** Type of a weight, from its declaration. */
function declaredType(
  kind: "kernel" | "vector",
  shape: readonly number[],
  groups: number,
): ValueType {
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  if (kind === "vector") return { kind: "vector", size: a };
  return { kind: "kernel", height: a, width: b, in: c, out: d, groups } satisfies KernelType;
}

/** A step's own weight as a value of the graph. */
export function stepWeight(builder: GraphBuilder, step: AffineStep, name: string): ValueId {
  const declaration = declarationsOf(step)[name];
  if (!declaration) throw new Error(`repqc bug: ${step.op.name} has no weight ${name}`);
  const { kind, shape, groups } = declaration;
  return builder.leaf("weight", declaredType(kind, shape, groups), {
    path: weightPath(step.path, name),
  });
}

/** The running mean and variance of a normalizing step. */
export function runningStatistics(
  builder: GraphBuilder,
  step: AffineStep,
): { mean: ValueId; variance: ValueId } {
  return {
    mean: stepWeight(builder, step, "mean"),
    variance: stepWeight(builder, step, "variance"),
  };
}

/** The kernel and bias of an island that is one convolution: deployed, or trained so by the "Merged" baseline. */
export function plainWeights(
  builder: GraphBuilder,
  { body, path, promised: { size, groups } }: Island,
) {
  const type = { kind: "kernel", ...size, in: body.in / groups, out: body.out, groups } as const;
  return {
    kernel: builder.leaf("weight", type, { path: weightPath(path, "kernel") }),
    bias: builder.leaf(
      "weight",
      { kind: "vector", size: body.out },
      { path: weightPath(path, "bias") },
    ),
  };
}

/** A barrier's weights by path, in the order of its arguments. */
export function mapWeights(
  builder: GraphBuilder,
  { op, params, path, type }: MapNode,
): Readonly<Record<string, ValueId>> {
  const declared = Object.entries(op.weights(params, channelsOf(type)));
  return Object.fromEntries(
    declared.map(([name, { kind, shape, groups }]) => {
      const own = weightPath(path, name);
      return [own, builder.leaf("weight", declaredType(kind, shape, groups), { path: own })];
    }),
  );
}
