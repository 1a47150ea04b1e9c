import type { Formula } from "../../algebra/formula.ts";
import { operandsOf } from "../../algebra/formula.ts";
import type { Table } from "../../algebra/kernel-algebra.ts";
import { isFixed } from "./abbreviate.ts";
import { close, lineBreak, open, type Layout } from "./layout.ts";
import type { Notation } from "./notation.ts";

/** What a formula looks like from outside; it decides where parentheses are needed. */
type Form = "sum" | "times" | "star" | "quotient" | "whole";

interface Printed {
  readonly form: Form;
  readonly layout: Layout;
}

/** Prints formulas; `epsilon` is the number that is written as the letter. */
export function printFormula(
  formula: Formula,
  notation: Notation,
  epsilon: number | undefined,
): Layout {
  return print(formula, { notation, epsilon }).layout;
}

interface Printer {
  readonly notation: Notation;
  readonly epsilon: number | undefined;
}

function print(formula: Formula, printer: Printer): Printed {
  const { notation } = printer;
  const whole = (text: string): Printed => ({ form: "whole", layout: [text] });
  const [first, second] = operandsOf(formula);
  switch (formula.kind) {
    case "symbol":
      return whole(notation.subscripted(formula.letter, notation.subscript(formula)));
    case "identity":
      return whole(notation.identity);
    case "select":
      return whole(notation.slice(formula.first, formula.first + formula.count));
    case "fill":
      return whole(notation.number(formula.value));
    case "fixed":
      return whole(printFilter(formula, notation));
    case "scaleOut":
    case "multiply":
      return product(formula, printer);
    case "scaleIn":
      return {
        form: "whole",
        layout: [...held(first, printer, "whole"), " ", ...call("diag", [second], printer)],
      };
    case "compose":
    case "spread":
    case "carry":
      return infix(first, notation.star, second, "star", printer);
    case "sum":
      return sum(formula, printer);
    case "negate":
    case "negateKernel":
      return { form: "sum", layout: [notation.minus, ...termOf(first, printer)] };
    case "copies":
      return {
        form: "sum",
        layout: [notation.sumOver(formula.index, formula.count), ...termOf(first, printer)],
      };
    case "reciprocalRoot":
      return { form: "quotient", layout: overRoot([notation.number(1)], formula, printer) };
    case "embed":
      return { form: "whole", layout: call("pad", [first], printer) };
    case "flip":
      return { form: "whole", layout: call("flip", [first], printer) };
    case "regroup":
      return { form: "whole", layout: call("blkdiag", [first], printer) };
    case "dilate": {
      const { height, width } = formula.by;
      const by = height === width ? `${height}` : `${height}×${width}`;
      return { form: "whole", layout: call("dilate", [first], printer, [by]) };
    }
    case "joinKernels":
    case "joinVectors": {
      if (isFixed(formula)) return whole(printFilter(formula, notation));
      const parts = formula.operands.map((part) => flat(print(part, printer)));
      return whole(isSideBySide(formula) ? notation.sideBySide(parts) : notation.join(parts));
    }
  }
}

/** Whether kernels are joined that read inputs of their own, as a split's parts do, and not the same, as those of a concat. */
export function isSideBySide(formula: Formula): boolean {
  return formula.kind === "joinKernels" && formula.groups > 1 && !isFixed(formula);
}

/** A factor per channel stands in front; `γ · 1/√…` is a quotient. */
function product(formula: Formula, printer: Printer): Printed {
  const [value, factor] = operandsOf(formula);
  if (factor?.kind === "reciprocalRoot" && formula.kind === "multiply")
    return { form: "quotient", layout: overRoot(held(value, printer, "whole"), factor, printer) };
  return infix(factor, printer.notation.times, value, "times", printer);
}

function overRoot(
  above: Layout,
  root: Extract<Formula, { kind: "reciprocalRoot" }>,
  printer: Printer,
): Layout {
  const { notation, epsilon } = printer;
  const [value] = root.operands;
  const added = root.epsilon === epsilon ? notation.epsilon : notation.number(root.epsilon);
  const inside = value ? flat(print(value, printer)) : "";
  const below = notation.root(root.epsilon === 0 ? inside : `${inside} + ${added}`);
  return [notation.quotient(above.filter((piece) => typeof piece === "string").join(""), below)];
}

/** Products of one kind need no parentheses between them; of different kinds they do. */
function infix(
  left: Formula | undefined,
  sign: string,
  right: Formula | undefined,
  form: "times" | "star",
  printer: Printer,
): Printed {
  return {
    form,
    layout: [...held(left, printer, form), sign, ...held(right, printer, form)],
  };
}

function sum(formula: Extract<Formula, { kind: "sum" }>, printer: Printer): Printed {
  const { minus } = printer.notation;
  const terms = formula.operands.flatMap((operand, index): Layout => {
    const isNegative = formula.signs[index] === -1;
    // A Σ ends where its term does.
    const isOpen = operand.kind === "copies" && !isNegative;
    const term = isOpen ? print(operand, printer).layout : termOf(operand, printer);
    if (index === 0) return isNegative ? [minus, ...term] : term;
    return [" ", lineBreak, `${isNegative ? minus : "+"} `, ...term];
  });
  return { form: "sum", layout: [open, ...terms, close] };
}

function termOf(operand: Formula | undefined, printer: Printer): Layout {
  const { form, layout } = printOperand(operand, printer);
  return form === "sum" ? parenthesised(layout) : layout;
}

/** A factor of a product, in parentheses unless it is whole or a product of the same kind. */
function held(operand: Formula | undefined, printer: Printer, around: Form): Layout {
  const { form, layout } = printOperand(operand, printer);
  return form === "whole" || form === around ? layout : parenthesised(layout);
}

function printOperand(operand: Formula | undefined, printer: Printer): Printed {
  if (!operand) throw new Error("repqc bug: a formula without an operand");
  return print(operand, printer);
}

function parenthesised(layout: Layout): Layout {
  return ["(", ...layout, ")"];
}

function call(
  name: string,
  operands: readonly (Formula | undefined)[],
  printer: Printer,
  others: readonly string[] = [],
): Layout {
  const mark = "\0";
  const [before = "", behind = ""] = printer.notation.apply(name, mark, ...others).split(mark);
  const layouts = operands.flatMap((operand) => (operand ? print(operand, printer).layout : []));
  return [before, ...layouts, behind];
}

function flat({ layout }: Printed): string {
  return layout.filter((piece) => typeof piece === "string").join("");
}

/** Taps that a line can show. */
const mostTaps = 25;

/** A fixed filter in full; of many, as cosines of every frequency are, the first. */
function printFilter(formula: Formula, notation: Notation): string {
  const tables = tablesIn(formula);
  const [first = []] = tables;
  const taps = first.flat();
  const size = `${first.length}×${first[0]?.length ?? 0}`;
  const many = tables.length === 1 ? "" : `, … (${tables.length} fixed filters)`;
  const isMean = taps.every((tap) => Math.abs(tap * taps.length - 1) < 1e-9);
  if (isMean && taps.length > 1 && many === "")
    return notation.words(`1/${taps.length} at each of ${size} taps`);
  if (taps.length > mostTaps) return notation.words(`a fixed ${size} filter${many}`);
  const shown = first.map((row) => row.map((tap) => notation.number(rounded(tap))));
  return notation.table(shown) + (many === "" ? "" : notation.words(many));
}

function tablesIn(formula: Formula): readonly Table[] {
  return formula.kind === "fixed" ? formula.tables : operandsOf(formula).flatMap(tablesIn);
}

function rounded(tap: number): number {
  return Math.round(tap * 1000) / 1000 + 0;
}
