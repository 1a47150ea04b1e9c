import type { AffineStep, GraphBuilder, KernelType, ValueId, ValueType } from "../ir/index.ts";
import { declarationsOf, weightPath } from "../ir/index.ts";

/** Type of a weight, from its declaration. */
export function declaredType(
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
