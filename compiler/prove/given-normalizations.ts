import { arrays } from "../algebra/arrays.ts";
import { affine } from "../ops/affine.ts";
import type { Affine, AffineStep } from "../ir/index.ts";
import { readWeights, type ReadWeight } from "../ir/index.ts";
import { weightPath } from "../ir/index.ts";

/**
 * A tree in whose normalizations factor and offset are given numbers: computed once in float64 from the running statistics, since no exact
 * arithmetic has a root. `weight` reads them beside all other weights.
 */
export function withGivenNormalizations(
  body: Affine,
  weight: ReadWeight,
): { readonly body: Affine; readonly weight: ReadWeight } {
  const given = new Map<string, Float64Array>();
  const freeze = (step: AffineStep): AffineStep => {
    const { op, params, path } = step;
    if (!op.normalizes) return step;
    const values = readWeights(step, weight) as never;
    const { kernel, scale, bias } = op.affine(arrays, values, params, step);
    if (kernel !== undefined || scale === undefined || bias === undefined)
      throw new Error(`repqc bug: \`${op.name}\` is not a factor and an offset`);
    given.set(weightPath(path, "scale"), scale).set(weightPath(path, "bias"), bias);
    return { ...step, op: affine };
  };
  return { body: mapSteps(body, freeze), weight: (path) => given.get(path) ?? weight(path) };
}

function mapSteps(map: Affine, change: (step: AffineStep) => AffineStep): Affine {
  const inside = (part: Affine) => mapSteps(part, change);
  switch (map.kind) {
    case "step":
      return change(map);
    case "chain":
      return { ...map, steps: map.steps.map(inside) };
    case "sum":
      return { ...map, terms: map.terms.map((term) => ({ ...term, map: inside(term.map) })) };
    case "concat":
    case "split":
      return { ...map, parts: map.parts.map(inside) };
  }
}
