import { float64 } from "./float64.ts";
import type { KernelAlgebra } from "./kernel-algebra.ts";
import {
  buildKernelOver,
  kernelAlgebraOver,
  tapOf,
  type KernelFormula,
  type KernelShape,
  type RingKernel,
} from "./ring-kernels.ts";

export { firstInput } from "./ring-kernels.ts";

/** A kernel as float64 numbers. */
export type ArrayKernel = RingKernel<Float64Array>;

/** The kernel algebra on float64 numbers: the reference semantics. */
export const arrays: KernelAlgebra<ArrayKernel, Float64Array> = kernelAlgebraOver(float64);

/** A kernel of this shape from the number at every place. */
export function buildKernel(shape: KernelShape, at: KernelFormula<number>): ArrayKernel {
  return buildKernelOver(float64, shape, at);
}

/** The number at a place of a kernel; zero outside it. */
export function tapAt(
  kernel: ArrayKernel,
  row: number,
  column: number,
  input: number,
  output: number,
): number {
  return tapOf<number, Float64Array>(kernel, row, column, input, output, 0);
}
