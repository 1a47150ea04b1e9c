import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Affine, Island, Model } from "../ir/index.ts";
import {
  branchMultiplications,
  extentOf,
  groupsOf,
  hasKernel,
  inputOf,
  inUnits,
  latticeOf,
  mergedMultiplications,
  partsOf,
  printPromise,
  tapsAlong,
} from "../ir/index.ts";

interface Dearer {
  readonly island: Island;
  readonly merged: number;
  readonly branches: number;
}

/**
 * Blocks whose one convolution takes more multiply-accumulates than their branches together; a promise is told once, by its worst use.
 * @param isSample whether sizes are only tried
 */
export function findDearer(model: Model, isSample: boolean): readonly Diagnostic[] {
  const worst = new Map<string, Dearer>();
  for (const node of model.nodes) {
    if (node.kind !== "island" || isFactor(node)) continue;
    const branches = branchMultiplications(node, inputOf(model, node));
    const found = { island: node, merged: mergedMultiplications(node), branches };
    const { source, start, end } = node.promisedAt;
    const key = JSON.stringify([source.path, start, end]);
    const known = worst.get(key);
    if (found.merged > branches && (!known || excessOf(found) > excessOf(known)))
      worst.set(key, found);
  }
  return [...worst.values()].map((found) => warning(found, isSample));
}

/** Only factors per channel, which cost next to nothing in either form. */
function isFactor({ body, promised: { size } }: Island): boolean {
  return groupsOf(body) === undefined && size.height * size.width === 1;
}

/** Two convolutions in a row, which as one take more than by themselves. */
function hasLongChain(map: Affine): boolean {
  const isLong = map.kind === "chain" && map.steps.filter(hasKernel).length > 1;
  return isLong || partsOf(map).some(hasLongChain);
}

function excessOf({ merged, branches }: Dearer): number {
  return merged - branches;
}

function warning({ island, merged, branches }: Dearer, isSample: boolean): Diagnostic {
  const { body, label, promised, promisedAt, span } = island;
  const extent = extentOf(body);
  const whole = tapsAlong(extent, promised.dilation);
  const groups = groupsOf(body) ?? 1;
  const isWide = whole.height < promised.size.height || whole.width < promised.size.width;
  const dilation = latticeOf(body);
  const sparse = { size: tapsAlong(extent, dilation), dilation, stride: 1, groups: 1 };
  const parameters = {
    block: label,
    // Of sizes that nobody asked for only the proportion says something.
    ...(isSample
      ? { times: (merged / branches).toPrecision(3) }
      : { merged: inUnits(merged), branches: inUnits(branches) }),
    ...(isWide && { reach: `${whole.height}x${whole.width}` }),
    ...(!isWide && dilation > promised.dilation && { sparse: printPromise(sparse) }),
    ...(groups > promised.groups && { groups }),
    ...(!isWide && hasLongChain(body) && { chain: "its longest chain" }),
  };
  const related = [
    { span, label: `${isSample ? "tried" : "here"} with in = ${body.in}, out = ${body.out}` },
  ];
  return diagnostic("merge/dearer", promisedAt, parameters, { related });
}
