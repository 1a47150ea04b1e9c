import type { Frame, KernelAlgebra, Size, Table } from "./kernel-algebra.ts";

/** A merge rule as an expression: what is printed for people, and what `evaluateFormula` computes. */
export type Formula = Leaf | Inner;

/** The name of a weight, or of a formula that is given elsewhere. */
export interface FormulaSymbol {
  readonly kind: "symbol";
  readonly of: "kernel" | "vector";
  /** As in papers: `W`, `γ`, `σ²`. */
  readonly letter: string;
  /** Where it comes from: the name of a branch. */
  readonly label: string;
  /** 1, 2, ... among symbols of one letter and label; 0 where there is only one. */
  readonly ordinal: number;
  /** Which of several equal branches, from outside to inside: a number from 0, or the index of a `copies` around it. */
  readonly copies: readonly (number | string)[];
}

type Leaf =
  | FormulaSymbol
  | { readonly kind: "identity"; readonly channels: number; readonly groups: number }
  | { readonly kind: "fixed"; readonly tables: readonly Table[]; readonly channels: number }
  | {
      readonly kind: "select";
      readonly channels: number;
      readonly first: number;
      readonly count: number;
    }
  | { readonly kind: "fill"; readonly value: number; readonly size: number };

/** One method of the algebra on one or two operands; `dilate`, `embed`, ... carry the method's other arguments. */
type Inner = { readonly operands: readonly Formula[] } & (
  | { readonly kind: "scaleOut" | "spread" | "negateKernel" | "flip" }
  | { readonly kind: "scaleIn" | "compose" | "carry" | "joinKernels"; readonly groups: number }
  | { readonly kind: "embed"; readonly frame: Frame }
  | { readonly kind: "dilate"; readonly by: Size }
  | { readonly kind: "regroup"; readonly from: number; readonly to: number }
  | { readonly kind: "joinVectors" | "multiply" | "negate" }
  | { readonly kind: "reciprocalRoot"; readonly epsilon: number }
  /** `addKernels`, `add`, `subtract`, and sums of more: an operand and its sign each. */
  | {
      readonly kind: "sum";
      readonly of: "kernel" | "vector";
      readonly signs: readonly (1 | -1)[];
    }
  /** The sum of the operand over `index` = 0 .. count - 1. */
  | {
      readonly kind: "copies";
      readonly of: "kernel" | "vector";
      readonly index: string;
      readonly count: number;
    }
);

/** The kernel algebra as text-to-be: computing with it writes down what is computed. */
export const formulas: KernelAlgebra<Formula, Formula> = {
  identity: (channels, groups) => ({ kind: "identity", channels, groups }),
  fixed: (tables, channels) => ({ kind: "fixed", tables, channels }),
  select: (channels, first, count) => ({ kind: "select", channels, first, count }),
  fill: (value, size) => ({ kind: "fill", value, size }),
  scaleOut: (kernel, v) => ({ kind: "scaleOut", operands: [kernel, v] }),
  scaleIn: (kernel, v, groups) => ({ kind: "scaleIn", operands: [kernel, v], groups }),
  addKernels: (a, b) => added(a, b, "kernel"),
  negateKernel: (kernel) => ({ kind: "negateKernel", operands: [kernel] }),
  embed: (kernel, frame) => ({ kind: "embed", operands: [kernel], frame }),
  flip: (kernel) => ({ kind: "flip", operands: [kernel] }),
  dilate: (kernel, by) => ({ kind: "dilate", operands: [kernel], by }),
  regroup: (kernel, from, to) => ({ kind: "regroup", operands: [kernel], from, to }),
  compose: (first, second, groups) => ({ kind: "compose", operands: [first, second], groups }),
  spread: (pointwise, depthwise) => ({ kind: "spread", operands: [pointwise, depthwise] }),
  // On paper the block-diagonal kernel may stand there.
  mix: (grouped, pointwise, groups) =>
    formulas.compose(formulas.regroup(grouped, groups, 1), pointwise, 1),
  carry: (v, kernel, groups) => ({ kind: "carry", operands: [v, kernel], groups }),
  joinKernels: (parts, groups) => ({ kind: "joinKernels", operands: parts, groups }),
  joinVectors: (parts) => ({ kind: "joinVectors", operands: parts }),
  add: (a, b) => added(a, b, "vector"),
  subtract: (a, b) => ({ kind: "sum", of: "vector", signs: [1, -1], operands: [a, b] }),
  multiply: (a, b) => ({ kind: "multiply", operands: [a, b] }),
  negate: (a) => ({ kind: "negate", operands: [a] }),
  reciprocalRoot: (v, epsilon) => ({ kind: "reciprocalRoot", operands: [v], epsilon }),
};

/** Sums grow to the right: thousands of branches stay one sum, not thousands in each other. */
function added(a: Formula, b: Formula, of: "kernel" | "vector"): Formula {
  const isPlain = a.kind === "sum" && a.signs.every((sign) => sign === 1);
  const operands = isPlain ? [...a.operands, b] : [a, b];
  return { kind: "sum", of, signs: operands.map(() => 1), operands };
}

export function operandsOf(formula: Formula): readonly Formula[] {
  return "operands" in formula ? formula.operands : [];
}

/** The same formula over other operands. */
export function mapOperands(formula: Formula, change: (operand: Formula) => Formula): Formula {
  return "operands" in formula ? { ...formula, operands: formula.operands.map(change) } : formula;
}

/** All symbols, from left to right. */
export function symbolsOf(formula: Formula): readonly FormulaSymbol[] {
  return formula.kind === "symbol" ? [formula] : operandsOf(formula).flatMap(symbolsOf);
}

/** Whether a formula is a number per channel, not a kernel. */
export function isVector(formula: Formula): boolean {
  switch (formula.kind) {
    case "symbol":
    case "sum":
    case "copies":
      return formula.of === "vector";
    case "fill":
    case "carry":
    case "joinVectors":
    case "multiply":
    case "negate":
    case "reciprocalRoot":
      return true;
    default:
      return false;
  }
}

/** Values of the indices of the `copies` around a formula. */
export type Indices = ReadonlyMap<string, number>;

/**
 * What a formula stands for in another interpretation of the algebra.
 * @param valueOf a symbol, its copies as numbers
 */
export function evaluateFormula<K, V>(
  formula: Formula,
  algebra: KernelAlgebra<K, V>,
  valueOf: (symbol: FormulaSymbol) => K | V,
  indices: Indices = new Map(),
): K | V {
  const value = (operand: Formula, at = indices) => evaluateFormula(operand, algebra, valueOf, at);
  const all = operandsOf(formula);
  // The tree was made by the algebra's own methods, so kinds of operands are what they take.
  const kernels = () => all.map((operand) => value(operand) as K);
  const vectors = () => all.map((operand) => value(operand) as V);
  const kernel = (index: number) => value(operandAt(all, index)) as K;
  const vector = (index: number) => value(operandAt(all, index)) as V;
  switch (formula.kind) {
    case "symbol":
      return valueOf(withNumbers(formula, indices));
    case "identity":
      return algebra.identity(formula.channels, formula.groups);
    case "fixed":
      return algebra.fixed(formula.tables, formula.channels);
    case "select":
      return algebra.select(formula.channels, formula.first, formula.count);
    case "fill":
      return algebra.fill(formula.value, formula.size);
    case "scaleOut":
      return algebra.scaleOut(kernel(0), vector(1));
    case "scaleIn":
      return algebra.scaleIn(kernel(0), vector(1), formula.groups);
    case "negateKernel":
      return algebra.negateKernel(kernel(0));
    case "embed":
      return algebra.embed(kernel(0), formula.frame);
    case "flip":
      return algebra.flip(kernel(0));
    case "dilate":
      return algebra.dilate(kernel(0), formula.by);
    case "regroup":
      return algebra.regroup(kernel(0), formula.from, formula.to);
    case "compose":
      return algebra.compose(kernel(0), kernel(1), formula.groups);
    case "spread":
      return algebra.spread(kernel(0), kernel(1));
    case "carry":
      return algebra.carry(vector(0), kernel(1), formula.groups);
    case "joinKernels":
      return algebra.joinKernels(kernels(), formula.groups);
    case "joinVectors":
      return algebra.joinVectors(vectors());
    case "multiply":
      return algebra.multiply(vector(0), vector(1));
    case "negate":
      return algebra.negate(vector(0));
    case "reciprocalRoot":
      return algebra.reciprocalRoot(vector(0), formula.epsilon);
    case "sum":
      return formula.of === "kernel"
        ? addAll(kernels(), formula.signs, algebra.addKernels, algebra.negateKernel)
        : addAll(vectors(), formula.signs, algebra.add, algebra.negate);
    case "copies": {
      const copies = Array.from({ length: formula.count }, (_, copy) =>
        value(operandAt(all, 0), new Map(indices).set(formula.index, copy)),
      );
      const signs = copies.map(() => 1 as const);
      return formula.of === "kernel"
        ? addAll(copies as K[], signs, algebra.addKernels, algebra.negateKernel)
        : addAll(copies as V[], signs, algebra.add, algebra.negate);
    }
  }
}

function addAll<T>(
  values: readonly T[],
  signs: readonly (1 | -1)[],
  add: (a: T, b: T) => T,
  negate: (a: T) => T,
): T {
  return values
    .map((value, index) => (signs[index] === -1 ? negate(value) : value))
    .reduce((a, b) => add(a, b));
}

function withNumbers(symbol: FormulaSymbol, indices: Indices): FormulaSymbol {
  const copies = symbol.copies.map((copy) => (typeof copy === "string" ? at(indices, copy) : copy));
  return { ...symbol, copies };
}

function at(indices: Indices, name: string): number {
  const value = indices.get(name);
  if (value === undefined) throw new Error(`repqc bug: a formula without a value for ${name}`);
  return value;
}

function operandAt(operands: readonly Formula[], index: number): Formula {
  const operand = operands[index];
  if (!operand) throw new Error(`repqc bug: a formula without operand ${index}`);
  return operand;
}
