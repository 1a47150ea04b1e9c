import type { ArrayMap } from "../../compiler/algebra/array-maps.ts";
import { convolveArrays } from "../../compiler/algebra/array-maps.ts";
import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import { arrays } from "../../compiler/algebra/arrays.ts";
import type { KernelAlgebra } from "../../compiler/algebra/kernel-algebra.ts";
import type { Island } from "../../compiler/ir/index.ts";
import { mergeArrays } from "../../compiler/ir/index.ts";
import { magnitude } from "./largest-difference.ts";

/**
 * The kernel algebra without cancellation: every difference becomes a sum of magnitudes. Over magnitudes of weights it gives the size of the
 * terms that a merged kernel, or an output, is a sum of: what a float32 rounding error is relative to.
 */
const magnitudes: KernelAlgebra<ArrayKernel, Float64Array> = {
  ...arrays,
  fixed: (tables, channels) =>
    arrays.fixed(
      tables.map((table) => table.map((row) => row.map(Math.abs))),
      channels,
    ),
  fill: (value, size) => arrays.fill(Math.abs(value), size),
  negateKernel: (kernel) => kernel,
  subtract: (a, b) => arrays.add(a, b),
  negate: (a) => a,
};

export interface TermSizes {
  /** Of the largest number of the merged kernel and bias. */
  readonly merged: number;
  /** Of the largest number of the output. */
  readonly output: number;
}

export function termSizes(
  island: Island,
  x: ArrayMap,
  weight: (path: string) => Float64Array,
): TermSizes {
  const absolute = (path: string) => weight(path).map(Math.abs);
  const { kernel, bias } = mergeArrays(island, absolute, magnitudes);
  const sizes = { ...x, data: x.data.map(Math.abs) };
  const output = convolveArrays(sizes, kernel, bias, island.promised);
  return {
    merged: Math.max(magnitude(kernel.data), magnitude(bias)),
    output: magnitude(output.data),
  };
}
