/** Law C7 of `specs/language.md`, "The calculus": maps side by side. */
import type { KernelAlgebra } from "../algebra/kernel-algebra.ts";
import type { AffineMap, Kernel } from "./affine-map.ts";
import {
  composeKernels,
  diagonalKernel,
  framed,
  identityMap,
  pointLattice,
  regrouped,
  sequence,
} from "./affine-map.ts";
import type { AffineJoin } from "./affine.ts";
import { extentOf, stepsOf } from "./affine.ts";
import { greatestCommonDivisor } from "./greatest-common-divisor.ts";
import { areEqualShares } from "./groups.ts";
import { commonLattice } from "./lattice.ts";

/** A concat or split of parts that are merged already. */
export function join<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineJoin,
  parts: readonly AffineMap<K, V>[],
): AffineMap<K, V> {
  const hasBias = parts.some((part) => part.bias !== undefined);
  const biases = () => parts.map(({ bias, out }) => bias ?? algebra.fill(0, out));
  return {
    in: map.in,
    out: map.out,
    ...joinedLinear(algebra, map, parts),
    ...(hasBias && { bias: algebra.joinVectors(biases()) }),
  };
}

function joinedLinear<K, V>(
  algebra: KernelAlgebra<K, V>,
  map: AffineJoin,
  parts: readonly AffineMap<K, V>[],
): Pick<AffineMap<K, V>, "kernel" | "scale"> {
  const kernels = parts.flatMap((part) => part.kernel ?? []);
  if (kernels.length === 0 && map.kind === "split") {
    if (parts.every((part) => part.scale === undefined)) return {};
    return {
      scale: algebra.joinVectors(parts.map(({ scale, out }) => scale ?? algebra.fill(1, out))),
    };
  }
  const isGrouped = map.kind === "split" && areEqualShares(parts);
  const own = isGrouped ? kernels.map((kernel) => kernel.groups).reduce(greatestCommonDivisor) : 1;
  const extent = extentOf(map);
  const all = parts.map((part) => part.kernel ?? diagonalKernel(algebra, part, own));
  const place = { extent, dilation: commonLattice(all, extent) };
  const values = all.map((kernel, index) => {
    const placed = { ...kernel, groups: own, value: regrouped(algebra, kernel, own) };
    return framed(algebra, isGrouped ? placed : spreadOut(algebra, map, index, placed), place)
      .value;
  });
  const groups = isGrouped ? own * parts.length : 1;
  return { kernel: { value: algebra.joinKernels(values, groups), groups, ...place } };
}

/** The kernel of a part over all input channels. */
function spreadOut<K, V>(
  algebra: KernelAlgebra<K, V>,
  { kind, parts, in: entering, out }: AffineJoin,
  index: number,
  kernel: Kernel<K, V>,
): Kernel<K, V> {
  if (kind === "concat") return kernel;
  const middle = entering / parts.length;
  return composeKernels(
    algebra,
    share(algebra, entering, parts.length, index),
    kernel,
    middle,
    out,
  );
}

/** What precedes a part of a split is what precedes the split, cut to the part's share; only statistics ask. */
export function inFrontOfPart<K, V>(
  algebra: KernelAlgebra<K, V>,
  { kind, parts, in: entering }: AffineJoin,
  index: number,
  before: AffineMap<K, V>,
): AffineMap<K, V> {
  const part = parts[index];
  if (kind === "concat" || !part) return before;
  if (!stepsOf(part).some((step) => step.op.normalizes)) return identityMap(part.in);
  const kernel = share(algebra, entering, parts.length, index);
  return sequence(algebra, before, { in: entering, out: part.in, kernel });
}

/** The 1x1 kernel that takes one of several equal shares of the channels. */
function share<K, V>(
  algebra: KernelAlgebra<K, V>,
  channels: number,
  count: number,
  index: number,
): Kernel<K, V> {
  const size = channels / count;
  return { value: algebra.select(channels, index * size, size), groups: 1, ...pointLattice };
}
