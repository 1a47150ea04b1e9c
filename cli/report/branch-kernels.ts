import type { ArrayKernel } from "../../compiler/algebra/arrays.ts";
import {
  mergeArrays,
  stepsOf,
  type Affine,
  type AffineSum,
  type Island,
  type ReadWeight,
} from "../../compiler/ir/index.ts";

/** What one branch adds to the merged kernel of its block. */
export interface BranchKernel {
  readonly name: string;
  /** Of the merged kernel's shape. */
  readonly kernel: ArrayKernel;
}

/**
 * The merged kernel of a block, taken apart: one kernel for each term of its outer sum, behind which whatever follows the sum still acts. With
 * running statistics all of it is linear, so that they add up to the merged kernel. None where the block has no sum.
 */
export function branchKernels(island: Island, weight: ReadWeight): readonly BranchKernel[] {
  const sum = outerSum(island.body);
  if (!sum) return [];
  const names = namesOf(sum, island.path);
  return sum.terms.map((term, index) => {
    const alone: AffineSum = { ...sum, terms: [term] };
    const body = replaced(island.body, sum, alone);
    return { name: names[index] ?? "", kernel: mergeArrays({ ...island, body }, weight).kernel };
  });
}

/** Copies of one branch share its name and are told apart by their numbers, as in their weights' paths. */
function namesOf({ terms }: AffineSum, island: string): readonly string[] {
  const names = terms.map(
    ({ name, map }, index) => name ?? nameOf(map, island) ?? `branch ${index + 1}`,
  );
  return names.map((name, index) => {
    if (names.indexOf(name) === names.lastIndexOf(name)) return name;
    return `${name}.${names.slice(0, index).filter((other) => other === name).length}`;
  });
}

/** The outermost sum of several terms that the whole value goes through. */
function outerSum(map: Affine): AffineSum | undefined {
  if (map.kind === "sum" && map.terms.length > 1) return map;
  if (map.kind === "sum") return map.terms[0] && outerSum(map.terms[0].map);
  if (map.kind !== "chain") return undefined;
  return map.steps.map(outerSum).find((found) => found !== undefined);
}

function replaced(map: Affine, old: AffineSum, by: AffineSum): Affine {
  if (map === old) return by;
  if (map.kind === "chain") {
    return { ...map, steps: map.steps.map((step) => replaced(step, old, by)) };
  }
  if (map.kind !== "sum") return map;
  return {
    ...map,
    terms: map.terms.map((term) => ({ ...term, map: replaced(term.map, old, by) })),
  };
}

/** The part of its weights' paths that follows the block's. */
function nameOf(map: Affine, island: string): string | undefined {
  const path = stepsOf(map)[0]?.path;
  const own = path?.slice(island === "" ? 0 : island.length + 1).split(".")[0];
  return own === "" ? undefined : own;
}
