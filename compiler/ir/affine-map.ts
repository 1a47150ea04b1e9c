/** Kernels and biases of affine maps, over any interpretation of the kernel algebra: the laws C1-C6 of `specs/language.md`, "The calculus". */
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { Extent } from "./affine.ts";
import { mapExtents, pointExtent, sizeOfExtent } from "./affine.ts";

/** y = K * x + bias, or y = scale · x + bias where there is no kernel; what is absent is one or zero. */
export interface AffineMap<K, V> {
  readonly kernel?: { readonly value: K; readonly groups: number; readonly extent: Extent };
  readonly scale?: V;
  readonly bias?: V;
  readonly in: number;
  readonly out: number;
}

export type Kernel<K, V> = NonNullable<AffineMap<K, V>["kernel"]>;

/** Identity on `channels`. */
export function identityMap<K, V>(channels: number): AffineMap<K, V> {
  return { in: channels, out: channels };
}

/** C1, C3, C4: first, then second. */
export function sequence<K, V>(
  algebra: KernelAlgebra<K, V>,
  first: AffineMap<K, V>,
  second: AffineMap<K, V>,
): AffineMap<K, V> {
  const channels = { in: first.in, out: second.out };
  const bias = addOptional(algebra, carried(algebra, first.bias, second), second.bias);
  return {
    ...channels,
    ...linearPart(algebra, first, second),
    ...(bias !== undefined && { bias }),
  };
}

function linearPart<K, V>(
  algebra: KernelAlgebra<K, V>,
  first: AffineMap<K, V>,
  second: AffineMap<K, V>,
) {
  if (first.kernel && second.kernel)
    return { kernel: composeKernels(algebra, first.kernel, second.kernel, first.out, second.out) };
  if (second.kernel) {
    const { value, groups } = second.kernel;
    return {
      kernel:
        first.scale === undefined
          ? second.kernel
          : { ...second.kernel, value: algebra.scaleIn(value, first.scale, groups) },
    };
  }
  if (first.kernel) {
    return {
      kernel:
        second.scale === undefined
          ? first.kernel
          : { ...first.kernel, value: algebra.scaleOut(first.kernel.value, second.scale) },
    };
  }
  const scale =
    first.scale !== undefined && second.scale !== undefined
      ? algebra.multiply(first.scale, second.scale)
      : (first.scale ?? second.scale);
  return scale === undefined ? {} : { scale };
}

export function composeKernels<K, V>(
  algebra: KernelAlgebra<K, V>,
  first: Kernel<K, V>,
  second: Kernel<K, V>,
  middle: number,
  out: number,
): Kernel<K, V> {
  const extent = mapExtents([first.extent, second.extent], ([a = 0, b = 0]) => a + b);
  const isPointwise = area(first.extent) === 1 && first.groups === 1;
  const isDepthwise = second.groups === middle && middle === out && middle > 1;
  if (isPointwise && isDepthwise) {
    return { value: algebra.spread(first.value, second.value), groups: 1, extent };
  }
  if (first.groups > 1 && second.groups === 1 && area(second.extent) === 1) {
    return { value: algebra.mix(first.value, second.value, first.groups), groups: 1, extent };
  }
  const groups = greatestCommonDivisor(first.groups, second.groups);
  const a = regrouped(algebra, first, groups);
  const b = regrouped(algebra, second, groups);
  return { value: algebra.compose(a, b, groups), groups, extent };
}

export function regrouped<K, V>(
  algebra: KernelAlgebra<K, V>,
  { value, groups }: Kernel<K, V>,
  to: number,
): K {
  return groups === to ? value : algebra.regroup(value, groups, to);
}

/** What a constant becomes behind a map's linear part. */
function carried<K, V>(
  algebra: KernelAlgebra<K, V>,
  constant: V | undefined,
  { kernel, scale }: AffineMap<K, V>,
): V | undefined {
  if (constant === undefined) return undefined;
  if (kernel) return algebra.carry(constant, kernel.value, kernel.groups);
  return scale === undefined ? constant : algebra.multiply(constant, scale);
}

export function addKernels<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernels: readonly Kernel<K, V>[],
  groups: number,
  frame: Extent,
): Kernel<K, V> {
  const bySize = kernels.toSorted((a, b) => area(a.extent) - area(b.extent));
  let total: Kernel<K, V> | undefined;
  for (const kernel of bySize) {
    const next = { ...kernel, groups, value: regrouped(algebra, kernel, groups) };
    total = total ? addFramed(algebra, total, next) : next;
  }
  if (!total) throw new Error("repqc bug: a sum without kernels");
  return framed(algebra, total, frame);
}

function addFramed<K, V>(
  algebra: KernelAlgebra<K, V>,
  a: Kernel<K, V>,
  b: Kernel<K, V>,
): Kernel<K, V> {
  const extent = mapExtents([a.extent, b.extent], (sides) => Math.max(...sides));
  return {
    ...b,
    extent,
    value: algebra.addKernels(framed(algebra, a, extent).value, framed(algebra, b, extent).value),
  };
}

/** Anchor upon anchor in a larger frame (rule S2). */
export function framed<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernel: Kernel<K, V>,
  extent: Extent,
): Kernel<K, V> {
  if (kernel.extent.every((side, index) => side === extent[index])) return kernel;
  const [top, left] = [extent[0] - kernel.extent[0], extent[2] - kernel.extent[2]];
  const frame = { ...sizeOfExtent(extent), top, left };
  return { ...kernel, extent, value: algebra.embed(kernel.value, frame) };
}

export function diagonalKernel<K, V>(
  algebra: KernelAlgebra<K, V>,
  { scale, out }: AffineMap<K, V>,
  groups: number,
): Kernel<K, V> {
  const identity = algebra.identity(out, groups);
  return {
    value: scale === undefined ? identity : algebra.scaleOut(identity, scale),
    groups,
    extent: pointExtent,
  };
}

/** The kernel and bias of a whole block: `frame` taps, `groups` groups; the bias is present. */
export function materialize<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineMap<K, V>,
  frame: Extent,
  groups: number,
): { readonly kernel: K; readonly bias: V } {
  const kernel = map.kernel ?? diagonalKernel(algebra, map, groups);
  const value = regrouped(algebra, kernel, groups);
  return {
    kernel: framed(algebra, { ...kernel, value, groups }, frame).value,
    bias: map.bias ?? algebra.fill(0, map.out),
  };
}

export function addOptional<K, V>(
  algebra: KernelAlgebra<K, V>,
  a: V | undefined,
  b: V | undefined,
): V | undefined {
  return a !== undefined && b !== undefined ? algebra.add(a, b) : (a ?? b);
}

function area(extent: Extent): number {
  const { height, width } = sizeOfExtent(extent);
  return height * width;
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
