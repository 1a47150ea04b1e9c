import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { GraphBuilder } from "./build.ts";
import type { ValueId } from "./graph.ts";

/** The kernel algebra as instructions: computing with it writes a merge rule down. */
export function recordingAlgebra(builder: GraphBuilder): KernelAlgebra<ValueId, ValueId> {
  return {
    identity: (channels, groups) => builder.emit("identity_kernel", [], { channels, groups }),
    fixed: (tables, channels) => builder.emit("fixed_kernel", [], { tables, channels }),
    select: (channels, first, count) =>
      builder.emit("select_kernel", [], { channels, first, count }),
    fill: (value, size) => builder.emit("fill", [], { value, size }),
    scaleOut: (kernel, v) => builder.emit("scale_out", [kernel, v]),
    scaleIn: (kernel, v, groups) => builder.emit("scale_in", [kernel, v], { groups }),
    addKernels: (a, b) => builder.emit("add_kernels", [a, b]),
    negateKernel: (kernel) => builder.emit("negate_kernel", [kernel]),
    embed: (kernel, { height, width, top, left }) =>
      builder.emit("embed", [kernel], { height, width, top, left }),
    flip: (kernel) => builder.emit("flip_kernel", [kernel]),
    dilate: (kernel, { height, width }) => builder.emit("dilate", [kernel], { height, width }),
    regroup: (kernel, from, to) => builder.emit("regroup", [kernel], { from, groups: to }),
    compose: (first, second, groups) => builder.emit("compose", [first, second], { groups }),
    spread: (pointwise, depthwise) => builder.emit("spread", [pointwise, depthwise]),
    mix: (grouped, pointwise, groups) => builder.emit("mix", [grouped, pointwise], { groups }),
    carry: (v, kernel, groups) => builder.emit("carry", [v, kernel], { groups }),
    joinKernels: (parts, groups) => builder.emit("join_kernels", parts, { groups }),
    joinVectors: (parts) => builder.emit("join_vectors", parts),
    add: (a, b) => builder.emit("add_vectors", [a, b]),
    subtract: (a, b) => builder.emit("subtract_vectors", [a, b]),
    multiply: (a, b) => builder.emit("multiply_vectors", [a, b]),
    negate: (a) => builder.emit("negate_vector", [a]),
    reciprocalRoot: (v, epsilon) => builder.emit("reciprocal_root", [v], { epsilon }),
  };
}
