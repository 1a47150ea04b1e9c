import type { Formula, FormulaSymbol } from "../../algebra/formula.ts";
import { isVector, mapOperands, operandsOf, symbolsOf } from "../../algebra/formula.ts";

type Sign = 1 | -1;
interface Term {
  readonly sign: Sign;
  readonly formula: Formula;
}

/**
 * The same value, written as a person would: sums of sums are one sum, each branch is framed by itself, branches stand in the order of the
 * spec, and equal copies are summed by an index.
 */
export function simplify(formula: Formula, position: (symbol: FormulaSymbol) => number): Formula {
  const simple = (one: Formula): Formula => {
    const inner = mapOperands(one, simple);
    const terms = termsOf(inner);
    const [first, second] = terms;
    if (first && !second && first.sign === 1) return first.formula;
    return sumOf(withCopies(inOrder(terms, position)), isVector(inner) ? "vector" : "kernel");
  };
  return simple(formula);
}

/** The terms of a sum; of anything else, itself. A frame around a sum goes around each term (C2). */
function termsOf(formula: Formula): readonly Term[] {
  switch (formula.kind) {
    case "sum":
      return formula.operands.flatMap((operand, index) =>
        termsOf(operand).map((term) => signed(term, formula.signs[index] ?? 1)),
      );
    case "negate":
    case "negateKernel":
      return operandsOf(formula).flatMap((operand) =>
        termsOf(operand).map((term) => signed(term, -1)),
      );
    case "embed":
      return operandsOf(formula).flatMap((operand) =>
        termsOf(operand).map(({ sign, formula: term }) => ({
          sign,
          formula: framed(term, formula),
        })),
      );
    case "scaleOut":
    case "scaleIn":
    case "multiply":
    case "compose":
    case "spread":
    case "carry":
      return [unsigned(formula)];
    default:
      return [{ sign: 1, formula }];
  }
}

/** The sign of a product in front of it. */
function unsigned(formula: Formula): Term {
  const isNegated = ({ kind }: Formula) => kind === "negate" || kind === "negateKernel";
  const count = operandsOf(formula).filter(isNegated).length;
  const positive = mapOperands(formula, (operand) =>
    isNegated(operand) ? (operandsOf(operand)[0] ?? operand) : operand,
  );
  return { sign: count % 2 === 0 ? 1 : -1, formula: positive };
}

function signed({ sign, formula }: Term, by: Sign): Term {
  return { sign: sign === by ? 1 : -1, formula };
}

/** A frame in a frame is one frame. */
function framed(term: Formula, { frame }: Extract<Formula, { kind: "embed" }>): Formula {
  const isPoint = term.kind === "identity" || term.kind === "select";
  if (isPoint && frame.height * frame.width === 1) return term;
  if (term.kind !== "embed") return { kind: "embed", operands: [term], frame };
  const top = frame.top + term.frame.top;
  const left = frame.left + term.frame.left;
  return { ...term, frame: { ...frame, top, left } };
}

function sumOf(terms: readonly Term[], of: "kernel" | "vector"): Formula {
  const [first, second] = terms;
  if (!first) throw new Error("repqc bug: a sum without terms");
  if (second)
    return {
      kind: "sum",
      of,
      signs: terms.map(({ sign }) => sign),
      operands: terms.map(({ formula }) => formula),
    };
  if (first.sign === 1) return first.formula;
  return { kind: of === "kernel" ? "negateKernel" : "negate", operands: [first.formula] };
}

/** Kernels are merged from small to large; people read branches in the order of the spec. What has no weight comes last. */
function inOrder(
  terms: readonly Term[],
  position: (symbol: FormulaSymbol) => number,
): readonly Term[] {
  if (terms.some(({ formula }) => isVector(formula))) return terms;
  const placed = terms.map((term) => ({
    term,
    at: Math.min(Infinity, ...symbolsOf(term.formula).map(position)),
  }));
  return placed.toSorted((a, b) => (a.at === b.at ? 0 : a.at - b.at)).map(({ term }) => term);
}

const indexNames = ["k", "m", "p"] as const;

/** Index over the copies at a depth of nesting. */
export function indexName(depth: number): string {
  return indexNames[depth] ?? `k${depth}`;
}

/** Terms that differ only in which copy they are of become one; the innermost copies first. */
function withCopies(terms: readonly Term[]): readonly Term[] {
  const deepest = terms
    .flatMap(({ formula }) => symbolsOf(formula))
    .reduce((most, { copies }) => Math.max(most, copies.length), 0);
  let grouped = terms;
  for (let depth = deepest - 1; depth >= 0; depth--) grouped = groupedAt(grouped, depth);
  return grouped;
}

function groupedAt(terms: readonly Term[], depth: number): readonly Term[] {
  const groups = new Map<string, { numbers: number[]; body: Formula; sign: Sign }>();
  const keys = terms.map(({ sign, formula }) => {
    const number = copyAt(formula, depth);
    if (number === undefined) return undefined;
    const body = withIndex(formula, depth);
    const key = JSON.stringify([sign, body]);
    const group = groups.get(key);
    if (group) group.numbers.push(number);
    else groups.set(key, { numbers: [number], body, sign });
    return key;
  });
  const done = new Set<string>();
  return terms.flatMap((term, index): readonly Term[] => {
    const key = keys[index];
    const group = key === undefined ? undefined : groups.get(key);
    if (key === undefined || !group || !isFromZero(group.numbers)) return [term];
    if (done.has(key)) return [];
    done.add(key);
    const { body, numbers, sign } = group;
    const of = isVector(body) ? "vector" : "kernel";
    const copies = { kind: "copies", of, index: indexName(depth), count: numbers.length } as const;
    return [{ sign, formula: { ...copies, operands: [body] } }];
  });
}

/** Which copy a term is of, where it is of one. */
function copyAt(formula: Formula, depth: number): number | undefined {
  const found = new Set(symbolsOf(formula).map(({ copies }) => copies[depth]));
  const [only] = found;
  return found.size === 1 && typeof only === "number" ? only : undefined;
}

function withIndex(formula: Formula, depth: number): Formula {
  if (formula.kind !== "symbol")
    return mapOperands(formula, (operand) => withIndex(operand, depth));
  return { ...formula, copies: formula.copies.with(depth, indexName(depth)) };
}

function isFromZero(numbers: readonly number[]): boolean {
  return numbers.length > 1 && numbers.every((number, index) => number === index);
}
