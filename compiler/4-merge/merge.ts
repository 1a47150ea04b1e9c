import type { Span } from "../../grammar/source.ts";
import type { Size } from "../algebra/kernel-algebra.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Affine, Island, Model } from "../ir/index.ts";
import { groupsOf, hasKernel, reachOf } from "../ir/index.ts";

/** Why islands of a model cannot become the convolution that they promise (rules S1-S4); nothing where all can. */
export function checkMerge(model: Model): readonly Diagnostic[] {
  return model.nodes.flatMap((node) => (node.kind === "island" ? checkIsland(node) : []));
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
  const { size } = island.promised;
  const reach = reachOf(map);
  const parameters = { branch: name, becomes: `conv(${print(size)})`, reach: print(reach) };
  const related = [
    { span: island.promisedAt, label: `the block promises a ${print(size)} kernel` },
  ];
  if (reach.height > size.height || reach.width > size.width) {
    return [diagnostic("merge/branch-too-wide", span, parameters, { related })];
  }
  const uncentred = offCentre(size, reach) ? map : findUncentred(map);
  if (!uncentred) return [];
  return [
    diagnostic(
      "merge/parity",
      uncentred.span,
      { ...parameters, reach: print(reachOf(uncentred)) },
      { related },
    ),
  ];
}

function offCentre(frame: Size, reach: Size): boolean {
  return (frame.height - reach.height) % 2 !== 0 || (frame.width - reach.width) % 2 !== 0;
}

/** A term of an inner sum that has no centre in common with the others. */
function findUncentred(map: Affine): Affine | undefined {
  if (map.kind === "step") return undefined;
  if (map.kind === "chain")
    return map.steps.map(findUncentred).find((found) => found !== undefined);
  const widest = reachOf(map);
  const terms = map.terms.map((term) => term.map);
  return (
    terms.find((term) => offCentre(widest, reachOf(term))) ??
    terms.map(findUncentred).find((found) => found !== undefined)
  );
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
  if (map.kind === "sum")
    return map.terms.map((term) => findWithoutTaps(term.map)).find((found) => found !== undefined);
  if (map.kind === "step") return undefined;
  const bearer = map.steps.toReversed().find(hasKernel);
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
