/**
 * The merge: an affine tree becomes one kernel and one bias, over any interpretation of the kernel algebra. The laws C1-C6 that it applies are
 * those of `specs/language.md`, "The calculus"; that the block pads once (rule S2) is what makes them exact at borders.
 */
import type { KernelAlgebra, Size } from "../algebra/kernel-algebra.ts";
import type { Affine, AffineStep, AffineSum } from "./affine.ts";
import { declarationsOf, reachOf } from "./affine.ts";

/** y = K * x + bias, or y = scale · x + bias where there is no kernel; what is absent is one or zero. */
export interface AffineMap<K, V> {
  readonly kernel?: { readonly value: K; readonly groups: number; readonly size: Size };
  readonly scale?: V;
  readonly bias?: V;
  readonly in: number;
  readonly out: number;
}

/** Where an interpretation finds its values. */
export interface Provider<K, V> {
  readonly algebra: KernelAlgebra<K, V>;
  /** A step's own weight. */
  weight(step: AffineStep, name: string): K | V;
  /** Mean and variance of what enters a normalizing step; `before` maps the block's input to there. */
  statistics(step: AffineStep, before: AffineMap<K, V>): { readonly mean: V; readonly variance: V };
}

const point: Size = { height: 1, width: 1 };

/** Identity on `channels`. */
export function identityMap<K, V>(channels: number): AffineMap<K, V> {
  return { in: channels, out: channels };
}

/** The map of a tree; `before` is what precedes it, which only statistics need. */
export function compose<K, V>(
  provider: Provider<K, V>,
  map: Affine,
  before: AffineMap<K, V>,
): AffineMap<K, V> {
  switch (map.kind) {
    case "step":
      return stepMap(provider, map, before);
    case "chain": {
      let own = identityMap<K, V>(map.in);
      for (const step of map.steps) {
        const next = compose(provider, step, sequence(provider.algebra, before, own));
        own = sequence(provider.algebra, own, next);
      }
      return own;
    }
    case "sum":
      return sum(provider, map, before);
  }
}

function stepMap<K, V>(
  provider: Provider<K, V>,
  step: AffineStep,
  before: AffineMap<K, V>,
): AffineMap<K, V> {
  const { op, params } = step;
  const channels = { in: step.in, out: step.out };
  const values: Record<string, K | V> = {};
  for (const name of Object.keys(declarationsOf(step))) values[name] = provider.weight(step, name);
  if (op.normalizes) Object.assign(values, provider.statistics(step, before));
  const { kernel, scale, bias } = op.affine(provider.algebra, values as never, params, channels);
  const shape = kernel !== undefined && {
    kernel: { value: kernel, groups: op.groups(params, channels), size: op.reach(params) },
  };
  return {
    ...channels,
    ...shape,
    ...(scale !== undefined && { scale }),
    ...(bias !== undefined && { bias }),
  };
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

type Kernel<K, V> = NonNullable<AffineMap<K, V>["kernel"]>;

function composeKernels<K, V>(
  algebra: KernelAlgebra<K, V>,
  first: Kernel<K, V>,
  second: Kernel<K, V>,
  middle: number,
  out: number,
): Kernel<K, V> {
  const size = {
    height: first.size.height + second.size.height - 1,
    width: first.size.width + second.size.width - 1,
  };
  const isPointwise = first.size.height * first.size.width === 1 && first.groups === 1;
  const isDepthwise = second.groups === middle && middle === out && middle > 1;
  if (isPointwise && isDepthwise) {
    return { value: algebra.spread(first.value, second.value), groups: 1, size };
  }
  const groups = greatestCommonDivisor(first.groups, second.groups);
  const a = regrouped(algebra, first, groups);
  const b = regrouped(algebra, second, groups);
  return { value: algebra.compose(a, b, groups), groups, size };
}

function regrouped<K, V>(
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

/** C2. Terms of one size are added before they are embedded: fewer, smaller sums. */
function sum<K, V>(
  provider: Provider<K, V>,
  map: AffineSum,
  before: AffineMap<K, V>,
): AffineMap<K, V> {
  const { algebra } = provider;
  const terms = map.terms.map((term) =>
    signed(algebra, compose(provider, term.map, before), term.sign),
  );
  const bias = terms
    .map((term) => term.bias)
    .reduce((a, b) => addOptional(algebra, a, b), undefined);
  const shared = { in: map.in, out: map.out, ...(bias !== undefined && { bias }) };
  const kernels = terms.flatMap((term) => term.kernel ?? []);
  if (kernels.length === 0) return { ...shared, scale: addDiagonals(algebra, terms) };
  const groups = kernels.map((kernel) => kernel.groups).reduce(greatestCommonDivisor);
  const all = terms.map((term) => term.kernel ?? diagonalKernel(algebra, term, groups));
  return { ...shared, kernel: addKernels(algebra, all, groups, reachOf(map)) };
}

function signed<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineMap<K, V>,
  sign: 1 | -1,
): AffineMap<K, V> {
  if (sign === 1) return map;
  const { kernel, scale, bias, ...channels } = map;
  const linear = kernel
    ? { kernel: { ...kernel, value: algebra.negateKernel(kernel.value) } }
    : { scale: scale === undefined ? algebra.fill(-1, map.out) : algebra.negate(scale) };
  return { ...channels, ...linear, ...(bias !== undefined && { bias: algebra.negate(bias) }) };
}

function addDiagonals<K, V>(algebra: KernelAlgebra<K, V>, terms: readonly AffineMap<K, V>[]): V {
  return terms
    .map(({ scale, out }) => scale ?? algebra.fill(1, out))
    .reduce((a, b) => algebra.add(a, b));
}

function addKernels<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernels: readonly Kernel<K, V>[],
  groups: number,
  frame: Size,
): Kernel<K, V> {
  const bySize = kernels.toSorted((a, b) => area(a.size) - area(b.size));
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
  const size = {
    height: Math.max(a.size.height, b.size.height),
    width: Math.max(a.size.width, b.size.width),
  };
  return {
    ...b,
    size,
    value: algebra.addKernels(framed(algebra, a, size).value, framed(algebra, b, size).value),
  };
}

/** Centred in a larger frame (rule S2). */
function framed<K, V>(
  algebra: KernelAlgebra<K, V>,
  kernel: Kernel<K, V>,
  size: Size,
): Kernel<K, V> {
  if (kernel.size.height === size.height && kernel.size.width === size.width) return kernel;
  const top = (size.height - kernel.size.height) / 2;
  const left = (size.width - kernel.size.width) / 2;
  return { ...kernel, size, value: algebra.embed(kernel.value, { ...size, top, left }) };
}

function diagonalKernel<K, V>(
  algebra: KernelAlgebra<K, V>,
  { scale, out }: AffineMap<K, V>,
  groups: number,
): Kernel<K, V> {
  const identity = algebra.identity(out, groups);
  return {
    value: scale === undefined ? identity : algebra.scaleOut(identity, scale),
    groups,
    size: point,
  };
}

/** The kernel and bias of a whole block: `frame` taps, `groups` groups; the bias is present. */
export function materialize<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineMap<K, V>,
  frame: Size,
  groups: number,
): { readonly kernel: K; readonly bias: V } {
  const kernel = map.kernel ?? diagonalKernel(algebra, map, groups);
  const value = regrouped(algebra, kernel, groups);
  return {
    kernel: framed(algebra, { ...kernel, value, groups }, frame).value,
    bias: map.bias ?? algebra.fill(0, map.out),
  };
}

function addOptional<K, V>(
  algebra: KernelAlgebra<K, V>,
  a: V | undefined,
  b: V | undefined,
): V | undefined {
  return a !== undefined && b !== undefined ? algebra.add(a, b) : (a ?? b);
}

function area(size: Size): number {
  return size.height * size.width;
}

export function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
