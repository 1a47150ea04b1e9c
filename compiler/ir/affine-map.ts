/** Kernels and biases of affine maps, over any interpretation of the kernel algebra: the laws C1-C6 of `specs/language.md`, "The calculus". */
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { Extent } from "./affine.ts";
import { mapExtents, pointExtent, sizeOfExtent } from "./affine.ts";
import { greatestCommonDivisor } from "./greatest-common-divisor.ts";
import { commonLattice, tapsAlong, type Lattice } from "./lattice.ts";

/** y = K * x + bias, or y = scale · x + bias where there is no kernel; what is absent is one or zero. */
export interface AffineMap<K, V> {
  /** Its taps alone: zeros between them are only written where a tap of another kernel falls there. */
  readonly kernel?: Lattice & { readonly value: K; readonly groups: number };
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
  const dilation = greatestCommonDivisor(first.dilation, second.dilation);
  const place = { extent, dilation };
  const isPointwise = area(first.extent) === 1 && first.groups === 1;
  const isDepthwise = second.groups === middle && middle === out && middle > 1;
  if (isPointwise && isDepthwise) {
    return { value: algebra.spread(first.value, second.value), groups: 1, ...place };
  }
  if (first.groups > 1 && second.groups === 1 && area(second.extent) === 1) {
    return { value: algebra.mix(first.value, second.value, first.groups), groups: 1, ...place };
  }
  const groups = greatestCommonDivisor(first.groups, second.groups);
  const a = regrouped(algebra, spaced(algebra, first, dilation), groups);
  const b = regrouped(algebra, spaced(algebra, second, dilation), groups);
  return { value: algebra.compose(a, b, groups), groups, ...place };
}

export function regrouped<K, V>(
  algebra: KernelAlgebra<K, V>,
  { value, groups }: Kernel<K, V>,
  to: number,
): K {
  return groups === to ? value : algebra.regroup(value, groups, to);
}

/** C6: zeros between the taps, as many as a finer lattice has places there. */
function spaced<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernel: Kernel<K, V>,
  dilation: number,
): Kernel<K, V> {
  if (kernel.dilation === dilation || kernel.dilation === 0) return { ...kernel, dilation };
  const by = kernel.dilation / dilation;
  if (!Number.isInteger(by)) throw new Error("repqc bug: taps between those of their frame");
  return { ...kernel, dilation, value: algebra.dilate(kernel.value, { height: by, width: by }) };
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
  const dilation = commonLattice(kernels, frame);
  const bySize = kernels
    .map((kernel) => spaced(algebra, kernel, dilation))
    .toSorted((a, b) => area(a.extent) - area(b.extent));
  let total: Kernel<K, V> | undefined;
  for (const kernel of bySize) {
    const next = { ...kernel, groups, value: regrouped(algebra, kernel, groups) };
    total = total ? addFramed(algebra, total, next) : next;
  }
  if (!total) throw new Error("repqc bug: a sum without kernels");
  return framed(algebra, total, { extent: frame, dilation });
}

function addFramed<K, V>(
  algebra: KernelAlgebra<K, V>,
  a: Kernel<K, V>,
  b: Kernel<K, V>,
): Kernel<K, V> {
  const extent = mapExtents([a.extent, b.extent], (sides) => Math.max(...sides));
  const place = { extent, dilation: b.dilation };
  return {
    ...b,
    extent,
    value: algebra.addKernels(framed(algebra, a, place).value, framed(algebra, b, place).value),
  };
}

/** Anchor upon anchor in a larger frame (rule S2), whose lattice has all of the kernel's taps. */
export function framed<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernel: Kernel<K, V>,
  { extent, dilation }: Lattice,
): Kernel<K, V> {
  const own = spaced(algebra, kernel, dilation);
  if (own.extent.every((side, index) => side === extent[index])) return own;
  const [top, left] = [extent[0] - own.extent[0], extent[2] - own.extent[2]];
  const frame = { ...tapsAlong(extent, dilation), top: top / dilation, left: left / dilation };
  return { ...own, extent, value: algebra.embed(own.value, frame) };
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
    ...pointLattice,
  };
}

/** The place of a single tap. */
export const pointLattice: Lattice = { extent: pointExtent, dilation: 0 };

/** The kernel and bias of a whole block, with the taps and groups that it promises; the bias is present. */
export function materialize<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineMap<K, V>,
  { groups, ...place }: Lattice & { readonly groups: number },
): { readonly kernel: K; readonly bias: V } {
  const kernel = map.kernel ?? diagonalKernel(algebra, map, groups);
  const value = regrouped(algebra, kernel, groups);
  return {
    kernel: framed(algebra, { ...kernel, value, groups }, place).value,
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
