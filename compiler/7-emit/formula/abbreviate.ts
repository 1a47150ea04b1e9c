import type { Formula, FormulaSymbol, Indices } from "../../algebra/formula.ts";
import { isVector, mapOperands, operandsOf, symbolsOf } from "../../algebra/formula.ts";
import type { AffineStep } from "../../ir/index.ts";
import { numbered, symbolKey, type NamedWeights } from "./name-weights.ts";
import { indexName } from "./simplify.ts";

/** A symbol that stands for a formula; the copies of both are indices. */
export interface Definition {
  readonly symbol: FormulaSymbol;
  readonly body: Formula;
}

export interface Abbreviated {
  readonly formulas: readonly Formula[];
  readonly definitions: readonly Definition[];
  /** Position in the order of the spec, of new symbols too. */
  position(symbol: FormulaSymbol): number;
}

/**
 * Gives names to what a reader knows by one letter: the factor `a` and offset `c` of a normalization (any formula of one op's own vectors),
 * and `F`, a fixed filter.
 */
export function abbreviate(formulas: readonly Formula[], weights: NamedWeights): Abbreviated {
  const { parts, keys } = partsIn(formulas, weights);
  const replace = (formula: Formula): Formula => {
    const part = parts.get(keys.get(formula) ?? "");
    return part ? part.symbol : mapOperands(formula, replace);
  };
  const replaceInside = (formula: Formula): Formula =>
    mapOperands(formula, (operand) => parts.get(keyOf(operand))?.symbol ?? replaceInside(operand));
  const positions = new Map<string, number>();
  const definitions = new Map<string, Definition>();
  for (const { symbol, formula, position } of parts.values()) {
    positions.set(symbolKey(symbol), position);
    const body = mapSymbols(replaceInside(formula), withIndices);
    const general = withIndices(symbol);
    definitions.set(symbolKey(general), { symbol: general, body });
  }
  return {
    formulas: formulas.map(replace),
    definitions: [...definitions.values()],
    position: (symbol) => positions.get(symbolKey(symbol)) ?? weights.position(symbol),
  };
}

/** The definition of a symbol whose copies are numbers, and what its indices are then. */
export function definitionOf(
  definitions: readonly Definition[],
  symbol: FormulaSymbol,
): { readonly body: Formula; readonly indices: Indices } {
  const key = symbolKey(withIndices(symbol));
  const found = definitions.find((definition) => symbolKey(definition.symbol) === key);
  if (!found) throw new Error(`repqc bug: ${key} is not defined`);
  const indices = symbol.copies.map((copy, depth) => [indexName(depth), Number(copy)] as const);
  return { body: found.body, indices: new Map(indices) };
}

interface Part {
  readonly key: string;
  readonly formula: Formula;
  readonly symbol: FormulaSymbol;
  readonly position: number;
}

/** Parts worth a name: each, by its key, and where they stand. */
function partsIn(formulas: readonly Formula[], weights: NamedWeights) {
  const keys = new Map<Formula, string>();
  const found = new Map<string, Formula>();
  const isPart = partFinder(weights);
  const visit = (formula: Formula): void => {
    if (!isPart(formula)) return operandsOf(formula).forEach(visit);
    const key = keyOf(formula);
    keys.set(formula, key);
    found.set(key, formula);
  };
  formulas.forEach(visit);
  const named = [...found].map(([key, formula]) => ({
    key,
    formula,
    symbol: nameOf(formula),
    position: Math.min(Infinity, ...symbolsOf(formula).map(weights.position)),
  }));
  const inSpec = named.toSorted((a, b) =>
    a.position === b.position ? 0 : a.position - b.position,
  );
  const parts = new Map<string, Part>(numbered(inSpec).map((part) => [part.key, part]));
  return { parts, keys };
}

function keyOf(formula: Formula): string {
  return JSON.stringify(formula);
}

function partFinder(weights: NamedWeights): (formula: Formula) => boolean {
  const owners = new Map<Formula, AffineStep | "none" | "several">();
  const ownerOf = (formula: Formula): AffineStep | "none" | "several" => {
    const known = owners.get(formula);
    if (known) return known;
    const all = new Set(operandsOf(formula).map(ownerOf));
    if (!isArithmetic(formula)) all.add("several");
    if (formula.kind === "symbol") all.add(weights.step(formula) ?? "several");
    all.delete("none");
    const [only = "none"] = all;
    const owner = all.size > 1 ? "several" : only;
    owners.set(formula, owner);
    return owner;
  };
  return (formula) => {
    if (isFixed(formula)) return true;
    if (formula.kind === "symbol" || !isVector(formula) || addsConstant(formula)) return false;
    return typeof ownerOf(formula) === "object" && symbolsOf(formula).length > 1;
  };
}

/** Such as a factor plus one, of a normalization beside a skip: two branches, not one op. */
function addsConstant(formula: Formula): boolean {
  return formula.kind === "sum" && formula.operands.some(({ kind }) => kind === "fill");
}

/** Made of vectors alone; a sign stands in front of the name. */
function isArithmetic(formula: Formula): boolean {
  const isOther =
    formula.kind === "carry" || formula.kind === "joinVectors" || formula.kind === "negate";
  return isVector(formula) && !isOther;
}

export function isFixed(formula: Formula): boolean {
  if (formula.kind === "fixed") return true;
  return formula.kind === "joinKernels" && formula.operands.every(isFixed);
}

/** `a` for a factor, `c` for an offset, `F` for a filter. */
function nameOf(formula: Formula): FormulaSymbol {
  const [first] = symbolsOf(formula);
  const letter = isFixed(formula) ? "F" : formula.kind === "sum" ? "c" : "a";
  const { label = "", copies = [] } = first ?? {};
  const of = isVector(formula) ? "vector" : "kernel";
  return { kind: "symbol", of, letter, label, ordinal: 0, copies };
}

function mapSymbols(formula: Formula, change: (symbol: FormulaSymbol) => FormulaSymbol): Formula {
  if (formula.kind === "symbol") return change(formula);
  return mapOperands(formula, (operand) => mapSymbols(operand, change));
}

function withIndices(symbol: FormulaSymbol): FormulaSymbol {
  return { ...symbol, copies: symbol.copies.map((_, depth) => indexName(depth)) };
}
