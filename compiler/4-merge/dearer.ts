import type { Diagnostic } from "../diagnostics/index.ts";
import { diagnostic } from "../diagnostics/index.ts";
import type { Affine, Island, Lattice, Model } from "../ir/index.ts";
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
  printOther,
  tapsAlong,
} from "../ir/index.ts";
import { frameOf } from "../wider-promise.ts";

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

/** The taps of the branches alone, where the promise has more: around them or between them. */
function fewerTaps({ body, promised }: Island): Lattice | undefined {
  const dilation = Math.max(1, latticeOf(body));
  const lattice = { extent: frameOf(extentOf(body), dilation), dilation };
  const { height, width } = tapsAlong(lattice.extent, dilation);
  const isFewer = height < promised.size.height || width < promised.size.width;
  return isFewer ? lattice : undefined;
}

function excessOf({ merged, branches }: Dearer): number {
  return merged - branches;
}

function warning({ island, merged, branches }: Dearer, isSample: boolean): Diagnostic {
  const { body, label, promised, promisedAt, span } = island;
  const groups = groupsOf(body) ?? 1;
  const fewer = fewerTaps(island);
  const parameters = {
    block: label,
    // Of sizes that nobody asked for only the proportion says something.
    ...(isSample
      ? { times: (merged / branches).toPrecision(3) }
      : { merged: inUnits(merged), branches: inUnits(branches) }),
    ...(fewer && { fewer: printOther(island, fewer) }),
    ...(groups > promised.groups && { groups }),
    ...(!fewer && hasLongChain(body) && { chain: "its longest chain" }),
  };
  const related = [
    { span, label: `${isSample ? "tried" : "here"} with in = ${body.in}, out = ${body.out}` },
  ];
  return diagnostic("merge/dearer", promisedAt, parameters, { related });
}
