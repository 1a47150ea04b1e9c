import { divideExactly } from "./exact-division.ts";
import { replaceKernel } from "./register-kernel.ts";
import { convolveWithoutAtomics, multiplyWithoutAtomics } from "./without-atomics.ts";

let isRegistered = false;

/** Replaces the kernels that are not exact enough for integer levels, or not the same in every run. */
export function registerKernels(): void {
  if (isRegistered) return;
  isRegistered = true;
  replaceKernel("RealDiv", divideExactly);
  replaceKernel("BatchMatMul", multiplyWithoutAtomics);
  replaceKernel("_FusedMatMul", multiplyWithoutAtomics);
  replaceKernel("Conv2D", convolveWithoutAtomics);
  replaceKernel("FusedConv2D", convolveWithoutAtomics);
}
