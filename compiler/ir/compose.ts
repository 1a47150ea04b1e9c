/**
 * The merge: an affine tree becomes one kernel and one bias, over any interpretation of the kernel algebra. The laws C1-C7 that it applies are
 * those of `specs/language.md`, "The calculus"; that the block pads once (rule S2) is what makes them exact at borders.
 */
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { AffineMap } from "./affine-map.ts";
import { addKernels, addOptional, diagonalKernel, identityMap, sequence } from "./affine-map.ts";
import type { Affine, AffineStep, AffineSum } from "./affine.ts";
import { declarationsOf, extentOf } from "./affine.ts";
import { greatestCommonDivisor } from "./greatest-common-divisor.ts";
import { inFrontOfPart, join } from "./join.ts";
import { stepLattice } from "./lattice.ts";

/** Where an interpretation finds its values. */
export interface Provider<K, V> {
  readonly algebra: KernelAlgebra<K, V>;
  /** A step's own weight. */
  weight(step: AffineStep, name: string): K | V;
  /** Mean and variance of what enters a normalizing step; `before` maps the block's input to there. */
  statistics(step: AffineStep, before: AffineMap<K, V>): { readonly mean: V; readonly variance: V };
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
    case "concat":
    case "split":
      return join(
        provider.algebra,
        map,
        map.parts.map((part, index) =>
          compose(provider, part, inFrontOfPart(provider.algebra, map, index, before)),
        ),
      );
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
    kernel: {
      value: step.isFlipped ? provider.algebra.flip(kernel) : kernel,
      groups: op.groups(params, channels),
      extent: extentOf(step),
      dilation: stepLattice(step),
    },
  };
  return {
    ...channels,
    ...shape,
    ...(scale !== undefined && { scale }),
    ...(bias !== undefined && { bias }),
  };
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
  return { ...shared, kernel: addKernels(algebra, all, groups, extentOf(map)) };
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
