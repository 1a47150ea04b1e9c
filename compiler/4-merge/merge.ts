import type { Span } from "../../grammar/source.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Affine, Island, Model } from "../ir/index.ts";
import {
  extentOf,
  findUncentred,
  groupsOf,
  hasKernel,
  misfitOf,
  partsOf,
  printSides,
  reachOf,
} from "../ir/index.ts";
import { findDearer } from "./dearer.ts";

/** Why islands of a model cannot become the convolution that they promise (rules S1-S4); where all can, which of them rather should not. */
export function checkMerge(model: Model): readonly Diagnostic[] {
  const found = model.nodes.flatMap((node) => (node.kind === "island" ? checkIsland(node) : []));
  return found.length > 0 ? found : findDearer(model);
}

interface Branch {
  readonly name: string;
  readonly map: Affine;
  readonly span: Span;
}

function checkIsland(island: Island): readonly Diagnostic[] {
  const branches = branchesOf(island);
  const found = branches.flatMap((branch) => [
    ...checkReach(island, branch),
    ...checkGroups(island, branch),
  ]);
  found.push(...strideBearers(island, branches).flatMap((part) => checkStride(island, part)));
  const whole = { name: island.label, map: island.body, span: island.body.span };
  return found.length > 0 ? found : [...checkReach(island, whole), ...checkGroups(island, whole)];
}

/** The branches of the block, or its whole body where it has none. */
function branchesOf({ body, label }: Island): readonly Branch[] {
  const [first] = body.kind === "chain" ? body.steps : [body];
  if (first?.kind !== "sum") return [{ name: label, map: body, span: body.span }];
  return first.terms.map(({ map, name }) => ({ name: name ?? label, map, span: map.span }));
}

function checkReach(island: Island, { name, map, span }: Branch): readonly Diagnostic[] {
  const { size, extent } = island.promised;
  const becomes = `conv(${print(size)})`;
  const label = `the block promises a ${print(size)} kernel`;
  const related = [{ span: island.promisedAt, label }];
  const misfit = misfitOf(extent, extentOf(map));
  const uncentred = misfit ? undefined : findUncentred(map);
  const at = uncentred ?? map;
  const found =
    misfit ?? (uncentred && misfitOf(extentOf(map), extentOf(uncentred)) ? "parity" : undefined);
  const parameters = {
    branch: name,
    becomes,
    reach: print(reachOf(at)),
    sides: printSides(extentOf(at)),
  };
  const where = uncentred?.span ?? span;
  switch (found) {
    case undefined:
      return [];
    case "too-wide":
      return [diagnostic("merge/branch-too-wide", where, parameters, { related })];
    case "off-anchor":
      return [diagnostic("merge/off-anchor", where, parameters, { related })];
    case "parity":
      return [diagnostic("merge/parity", where, parameters, { related })];
  }
}

/** Whose last op with taps takes the stride: a part of `then` if one has taps, else every branch. */
function strideBearers({ body }: Island, branches: readonly Branch[]): readonly Branch[] {
  const [, ...thens] = body.kind === "chain" ? body.steps : [body];
  const bearer = thens.findLast(hasKernel);
  return bearer ? [{ name: "then", map: bearer, span: bearer.span }] : branches;
}

/** Rule S3: somebody in every chain must be able to take the stride. */
function checkStride(island: Island, { name, map }: Branch): readonly Diagnostic[] {
  const { stride } = island.promised;
  const idle = stride > 1 ? findWithoutTaps(map) : undefined;
  if (!idle) return [];
  const related = [
    { span: island.promisedAt, label: `stride ${stride} is promised here` },
    { span: island.span, label: `and used here with stride ${stride}` },
  ];
  return [diagnostic("merge/stride", idle.span, { branch: name, stride }, { related })];
}

/** The chain, or the term of the last sum with taps, that has no op to stride with. */
function findWithoutTaps(map: Affine): Affine | undefined {
  if (!hasKernel(map)) return map;
  if (map.kind !== "chain")
    return partsOf(map)
      .map(findWithoutTaps)
      .find((found) => found !== undefined);
  const bearer = map.steps.findLast(hasKernel);
  return bearer && findWithoutTaps(bearer);
}

function checkGroups(island: Island, { name, map, span }: Branch): readonly Diagnostic[] {
  const { groups } = island.promised;
  const own = groupsOf(map);
  if (own === undefined || own % groups === 0) return [];
  const found = own === 1 ? "a dense kernel" : `${own} groups`;
  const related = [{ span: island.promisedAt, label: `${groups} groups are promised here` }];
  return [diagnostic("merge/groups", span, { branch: name, groups, found }, { related })];
}

function print({ height, width }: Size): string {
  return `${height}x${width}`;
}
