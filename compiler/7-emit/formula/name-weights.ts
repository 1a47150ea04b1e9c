import type { FormulaSymbol } from "../../algebra/formula.ts";
import type { Affine, AffineStep, Island } from "../../ir/index.ts";
import { declarationsOf, partsOf, weightPath } from "../../ir/index.ts";

/** The weights of an island under the names that formulas give them. */
export interface NamedWeights {
  symbol(step: AffineStep, name: string): FormulaSymbol;
  /** Position of a symbol in the order of the spec. */
  position(symbol: FormulaSymbol): number;
  /** Path of the weight; nothing where the symbol is no weight. */
  path(symbol: FormulaSymbol): string | undefined;
  /** The step whose weight it is. */
  step(symbol: FormulaSymbol): AffineStep | undefined;
}

/** A paper's letters; a weight of another name keeps it. */
const letters: ReadonlyMap<string, string> = new Map([
  ["kernel", "W"],
  ["bias", "b"],
  ["scale", "s"],
  ["gamma", "γ"],
  ["beta", "β"],
  ["mean", "μ"],
  ["variance", "σ²"],
]);

interface Weight {
  readonly step: AffineStep;
  readonly name: string;
  readonly symbol: FormulaSymbol;
}

/** Names the weights of an island after its branches; several of one letter in one branch are counted. */
export function nameWeights({ body, path }: Pick<Island, "body" | "path">): NamedWeights {
  const weights = numbered(withShortLabels(weightsIn(body, path, [])));
  const byPath = new Map(weights.map((one) => [weightPath(one.step.path, one.name), one.symbol]));
  const byKey = new Map(
    weights.map((one, position) => [symbolKey(one.symbol), { ...one, position }]),
  );
  return {
    symbol: (step, name) => byPath.get(weightPath(step.path, name)) ?? missing(name),
    position: (symbol) => byKey.get(symbolKey(symbol))?.position ?? Infinity,
    step: (symbol) => byKey.get(symbolKey(symbol))?.step,
    path: (symbol) => {
      const found = byKey.get(symbolKey(symbol));
      return found && weightPath(found.step.path, found.name);
    },
  };
}

/** Tells symbols apart. */
export function symbolKey({ letter, label, ordinal, copies }: FormulaSymbol): string {
  return JSON.stringify([letter, label, ordinal, copies]);
}

function weightsIn(map: Affine, prefix: string, copies: readonly number[]): readonly Weight[] {
  if (map.kind === "step") return weightsOfStep(map, prefix, copies);
  if (map.kind !== "sum") return partsOf(map).flatMap((part) => weightsIn(part, prefix, copies));
  const all = countOf(map.terms.map(({ name }) => name));
  const seen = new Map<string, number>();
  return map.terms.flatMap(({ name, map: term }) => {
    const isCopy = name !== undefined && (all.get(name) ?? 0) > 1;
    if (!isCopy) return weightsIn(term, prefix, copies);
    const index = seen.get(name) ?? 0;
    seen.set(name, index + 1);
    return weightsIn(term, prefix, [...copies, index]);
  });
}

function weightsOfStep(
  step: AffineStep,
  prefix: string,
  copies: readonly number[],
): readonly Weight[] {
  return Object.entries(declarationsOf(step)).map(([name, { kind }]) => ({
    step,
    name,
    symbol: {
      kind: "symbol",
      of: kind,
      letter: letters.get(name) ?? name,
      label: labelOf(step, prefix),
      ordinal: 0,
      copies,
    },
  }));
}

/** The names in a step's path within its island, as `deep` or `deep.dense`; the op's where there is none. */
function labelOf({ path, op }: AffineStep, prefix: string): string {
  const own = prefix === "" ? path : path.slice(prefix.length + 1);
  const names = own.split(".").filter((segment) => /^[^\d]/.test(segment));
  return names.length === 0 ? op.name : names.join(".");
}

/** The last name of a label alone, where only one label ends in it. */
function withShortLabels(weights: readonly Weight[]): readonly Weight[] {
  const last = (label: string) => label.slice(label.lastIndexOf(".") + 1);
  const labels = new Set(weights.map(({ symbol }) => symbol.label));
  const endings = countOf([...labels].map(last));
  return weights.map((one) => {
    const short = last(one.symbol.label);
    return endings.get(short) === 1 ? { ...one, symbol: { ...one.symbol, label: short } } : one;
  });
}

/** Ordinals 1, 2, ... where a symbol occurs more than once. */
export function numbered<T extends { readonly symbol: FormulaSymbol }>(
  named: readonly T[],
): readonly T[] {
  const keys = named.map(({ symbol }) => symbolKey(symbol));
  const all = countOf(keys);
  const seen = new Map<string, number>();
  return named.map((one, index) => {
    const key = keys[index] ?? "";
    const ordinal = (seen.get(key) ?? 0) + 1;
    seen.set(key, ordinal);
    return { ...one, symbol: { ...one.symbol, ordinal: all.get(key) === 1 ? 0 : ordinal } };
  });
}

function countOf<T>(values: readonly T[]): ReadonlyMap<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function missing(name: string): never {
  throw new Error(`repqc bug: a weight ${name} without a symbol`);
}
