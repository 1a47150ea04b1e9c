import type { Formula, FormulaSymbol } from "../../algebra/formula.ts";
import { evaluateFormula, formulas } from "../../algebra/formula.ts";
import type { KernelAlgebra } from "../../algebra/kernel-algebra.ts";
import type { AffineStep, Island } from "../../ir/index.ts";
import { compose, identityMap, materialize } from "../../ir/index.ts";
import { abbreviate, definitionOf, type Definition } from "./abbreviate.ts";
import { nameWeights, type NamedWeights } from "./name-weights.ts";
import { nameFactors } from "./name-factors.ts";
import { simplify } from "./simplify.ts";

/** What an island merges to, as formulas of its weights. */
export interface MergeFormula {
  readonly kernel: Formula;
  readonly bias: Formula;
  /** Names that stand for longer formulas, in the order of their first use. */
  readonly definitions: readonly Definition[];
  readonly weights: NamedWeights;
}

/** Derives the merge of an island, over formulas instead of numbers. */
export function deriveMerge(island: Pick<Island, "body" | "path" | "promised">): MergeFormula {
  const { body, promised } = island;
  const weights = nameWeights(island);
  const provider = {
    algebra: formulas,
    weight: (step: AffineStep, name: string) => weights.symbol(step, name),
    statistics: (step: AffineStep) => ({
      mean: weights.symbol(step, "mean"),
      variance: weights.symbol(step, "variance"),
    }),
  };
  const map = compose(provider, body, identityMap<Formula, Formula>(body.in));
  const merged = materialize(formulas, map, promised);
  const short = abbreviate([merged.kernel, merged.bias], weights);
  const simple = short.formulas.map((one) => simplify(one, short.position));
  const { formulas: [kernel, bias], definitions } = nameFactors(simple); // prettier-ignore
  if (!kernel || !bias) throw new Error("repqc bug: a merge without kernel or bias");
  return { kernel, bias, definitions: [...definitions, ...short.definitions], weights };
}

/** The kernel and bias that the formulas stand for in another interpretation of the algebra. */
export function evaluateMerge<K, V>(
  { kernel, bias, definitions, weights }: MergeFormula,
  algebra: KernelAlgebra<K, V>,
  read: (path: string, symbol: FormulaSymbol) => K | V,
): { readonly kernel: K; readonly bias: V } {
  const valueOf = (symbol: FormulaSymbol): K | V => {
    const path = weights.path(symbol);
    if (path !== undefined) return read(path, symbol);
    const { body, indices } = definitionOf(definitions, symbol);
    return evaluateFormula(body, algebra, valueOf, indices);
  };
  return {
    kernel: evaluateFormula(kernel, algebra, valueOf) as K,
    bias: evaluateFormula(bias, algebra, valueOf) as V,
  };
}
