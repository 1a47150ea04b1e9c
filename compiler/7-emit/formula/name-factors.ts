import type { Formula, FormulaSymbol } from "../../algebra/formula.ts";
import { mapOperands, symbolsOf } from "../../algebra/formula.ts";
import type { Definition } from "./abbreviate.ts";
import { numbered } from "./name-weights.ts";

/** Sums of so few terms can stand in a product. */
const mostTerms = 2;

interface Factor {
  readonly key: string;
  readonly body: Formula;
  readonly symbol: FormulaSymbol;
}

/** Long sums that are composed with others get a name, `G`: nobody reads a product of such sums on one line. */
export function nameFactors(formulas: readonly Formula[]): {
  readonly formulas: readonly Formula[];
  readonly definitions: readonly Definition[];
} {
  const found = new Map<string, Formula>();
  const collect = (formula: Formula): Formula => {
    const inner = mapOperands(formula, collect);
    return isComposition(inner) ? mapOperands(inner, (one) => noted(one, found)) : inner;
  };
  const marked = formulas.map(collect);
  const factors = numbered(
    [...found].map(([key, body]): Factor => ({ key, body, symbol: provisional(key) })).map(asG),
  );
  const symbols = new Map(factors.map(({ key, symbol }) => [key, symbol]));
  const named = (formula: Formula): Formula =>
    formula.kind === "symbol"
      ? (symbols.get(formula.label) ?? formula)
      : mapOperands(formula, named);
  return {
    formulas: marked.map(named),
    definitions: factors.map(({ symbol, body }) => ({ symbol, body: named(body) })),
  };
}

function asG(factor: Factor): Factor {
  return { ...factor, symbol: { ...factor.symbol, label: "" } };
}

/** Until all factors are known, and so their numbers, a factor is labelled by what it is. */
function provisional(key: string): FormulaSymbol {
  return { kind: "symbol", of: "kernel", letter: "G", label: key, ordinal: 0, copies: [] };
}

function noted(formula: Formula, found: Map<string, Formula>): Formula {
  if (formula.kind !== "sum" || formula.of !== "kernel") return formula;
  if (formula.operands.length <= mostTerms || hasFreeIndex(formula, [])) return formula;
  const key = JSON.stringify(formula);
  found.set(key, formula);
  return provisional(key);
}

function isComposition({ kind }: Formula): boolean {
  return kind === "compose" || kind === "spread" || kind === "carry";
}

/** Whether a formula speaks of the copy that a Σ around it counts. */
function hasFreeIndex(formula: Formula, bound: readonly string[]): boolean {
  if (formula.kind === "copies") {
    const inside = [...bound, formula.index];
    return formula.operands.some((operand) => hasFreeIndex(operand, inside));
  }
  if (formula.kind === "symbol")
    return formula.copies.some((copy) => typeof copy === "string" && !bound.includes(copy));
  return symbolsOf(formula).length > 0 && "operands" in formula
    ? formula.operands.some((operand) => hasFreeIndex(operand, bound))
    : false;
}
