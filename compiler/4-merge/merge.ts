import { findBrokenPromises, type Part } from "../broken-promise.ts";
import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Affine, Island, Model } from "../ir/index.ts";
import { hasKernel, partsOf } from "../ir/index.ts";
import { findDearer } from "./dearer.ts";

/**
 * Why islands of a model cannot become the convolution that they promise (rules S1-S4); where all can, which of them rather should not.
 * @param isSample whether the model is one block with sizes that nobody asked for
 */
export function checkMerge(model: Model, isSample = false): readonly Diagnostic[] {
  const found = model.nodes.flatMap((node) => (node.kind === "island" ? checkIsland(node) : []));
  return found.length > 0 ? found : findDearer(model, isSample);
}

function checkIsland(island: Island): readonly Diagnostic[] {
  const branches = branchesOf(island);
  const found = branches.flatMap((branch) => brokenPromises(island, branch));
  found.push(...strideBearers(island, branches).flatMap((part) => checkStride(island, part)));
  const whole = { name: island.label, map: island.body, span: island.body.span };
  return found.length > 0 ? found : brokenPromises(island, whole);
}

function brokenPromises(island: Island, part: Part): readonly Diagnostic[] {
  return findBrokenPromises(part, island).map(({ code, span, parameters, extra }) =>
    diagnostic(code, span, parameters, extra),
  );
}

/** The branches of the block, or its whole body where it has none. */
function branchesOf({ body, label }: Island): readonly Part[] {
  const [first] = body.kind === "chain" ? body.steps : [body];
  if (first?.kind !== "sum") return [{ name: label, map: body, span: body.span }];
  return first.terms.map(({ map, name }) => ({ name: name ?? label, map, span: map.span }));
}

/** Whose last op with taps takes the stride: a part of `then` if one has taps, else every branch. */
function strideBearers({ body }: Island, branches: readonly Part[]): readonly Part[] {
  const [, ...thens] = body.kind === "chain" ? body.steps : [body];
  const bearer = thens.findLast(hasKernel);
  return bearer ? [{ name: "then", map: bearer, span: bearer.span }] : branches;
}

/** Rule S3: somebody in every chain must be able to take the stride. */
function checkStride(island: Island, { name, map }: Part): readonly Diagnostic[] {
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
