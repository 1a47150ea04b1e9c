import type { Program } from "../../compiler/ir/program.ts";
import { requireIntegerForm } from "../integer/require-integer-form.ts";

/**
 * Whether a model deploys in integer arithmetic, so that every engine must give the same bits. Where only kernels are quantized, or nothing is,
 * engines add floats, each in its own order.
 *
 * @throws NoIntegerForm where activations are quantized but some sum is not one of integers: rounding would move those by whole steps
 */
export function isQuantized({ deploy }: Program): boolean {
  const isActivation = ({ types: [type] }: (typeof deploy.instructions)[number]) =>
    type?.kind === "map" || type?.kind === "features";
  if (!deploy.instructions.some((one) => one.op === "quantize" && isActivation(one))) return false;
  requireIntegerForm(deploy);
  return true;
}
