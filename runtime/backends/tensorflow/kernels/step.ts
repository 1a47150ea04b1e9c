import type { tf } from "../../../tensors.ts";
import { runOnFloats } from "../native.ts";
import type { KernelCall } from "./prefer-kernel.ts";

/**
 * 1 where a number is above 0, else 0; no number stays none. tfjs-node composes it of nine operations, seven of which make a tensor as large as x:
 * ten times slower. Other values below 0 are left to it.
 */
export function stepInTwo({ inputs, attributes }: KernelCall): tf.Tensor | undefined {
  const { x } = inputs;
  const below = attributes["alpha"] ?? 0;
  if (x?.dtype !== "float32" || below !== 0) return undefined;
  return runOnFloats("Sign", [runOnFloats("Relu", [x])]);
}
