import type { Lowering, Row } from "./lowering.ts";
import { attribute, direct, literal } from "./lowering.ts";

/** Kernels and vectors: the kernel algebra. */
export const kernelRows: Readonly<Record<string, Row>> = {
  identity_kernel: direct("identityKernel", "channels", "groups"),
  fixed_kernel: direct("fixedKernel", "tables", "channels"),
  select_kernel: direct("selectKernel", "channels", "first", "count"),
  fill: direct("fillVector", "value", "size"),
  scale_out: direct("scaleOut"),
  scale_in: (l) => l.call("scaleIn", [l.argument(0), l.argument(1), groups(l, 0)]),
  add_kernels: direct("add"),
  negate_kernel: direct("negate"),
  embed: direct("embedKernel", "height", "width", "top", "left"),
  flip_kernel: direct("flipKernel"),
  dilate: direct("dilateKernel", "height", "width"),
  regroup: (l) => l.call("regroupKernel", [l.argument(0), groups(l, 0), attribute(l, "groups")]),
  compose: (l) => l.call("composeKernels", [l.argument(0), l.argument(1), groups(l, 0)]),
  spread: direct("spreadKernel"),
  mix: (l) => l.call("mixKernels", [l.argument(0), l.argument(1), groups(l, 0)]),
  carry: (l) => l.call("carry", [l.argument(0), l.argument(1), groups(l, 1)]),
  join_kernels: direct("joinChannels"),
  join_vectors: direct("joinChannels"),
  range_step: (l) =>
    l.call("rangeStep", [
      l.argument(0),
      attribute(l, "high"),
      literal(l.instruction.attributes["per"] === "channel"),
    ]),
  add_vectors: direct("add"),
  subtract_vectors: direct("subtract"),
  multiply_vectors: direct("multiply"),
  negate_vector: direct("negate"),
  reciprocal_root: direct("reciprocalRoot", "epsilon"),
};

/** Groups of the kernel that is the nth argument. */
function groups(lowering: Lowering, n: number) {
  const type = lowering.type(n);
  if (type.kind !== "kernel") {
    throw new Error(`repqc bug: ${lowering.instruction.op} of a ${type.kind}`);
  }
  return literal(type.groups);
}
