import type { KernelAlgebra } from "./kernel-algebra.ts";

/**
 * The kernel algebra as counts: a kernel is the multiplications that it takes at one position, a vector the numbers in it that are not
 * constants. Copying channels takes none.
 */
export const counts: KernelAlgebra<number, number> = {
  identity: () => 0,
  fixed: (tables, channels) => channels * (tables[0]?.length ?? 0) * (tables[0]?.[0]?.length ?? 0),
  select: () => 0,
  fill: () => 0,
  scaleOut: (kernel, v) => Math.max(kernel, v),
  scaleIn: (kernel, v) => Math.max(kernel, v),
  addKernels: (a, b) => Math.max(a, b),
  negateKernel: (kernel) => kernel,
  embed: (kernel) => kernel,
  flip: (kernel) => kernel,
  dilate: (kernel) => kernel,
  regroup: (kernel) => kernel,
  compose: (first, second) => first + second,
  spread: (pointwise, depthwise) => pointwise + depthwise,
  mix: (grouped, pointwise) => grouped + pointwise,
  carry: (v) => v,
  joinKernels: (parts) => parts.reduce((sum, part) => sum + part, 0),
  joinVectors: (parts) => parts.reduce((sum, part) => sum + part, 0),
  add: Math.max,
  subtract: Math.max,
  multiply: Math.max,
  negate: (a) => a,
  reciprocalRoot: (v) => v,
};
