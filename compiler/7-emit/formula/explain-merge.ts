import type { Formula } from "../../algebra/formula.ts";
import { operandsOf } from "../../algebra/formula.ts";
import type { AffineStep, Island, Model } from "../../ir/index.ts";
import { printPromise, stepsOf } from "../../ir/index.ts";
import { printDefinitions } from "./definitions.ts";
import { deriveMerge, type MergeFormula } from "./derive.ts";
import { fill } from "./layout.ts";
import { legend, sideBySide } from "./legend.ts";
import { latexNotation, textNotation, wrapWords, type Notation } from "./notation.ts";
import { joinPaths } from "./places.ts";
import { printFormula, isSideBySide } from "./print-formula.ts";

export type FormulaFormat = "text" | "latex";

/** Columns of the text. */
const WIDTH = 88;

/** A merge that several places of a model share. */
interface Explanation {
  readonly label: string;
  readonly becomes: string;
  readonly body: string;
  readonly paths: string[];
}

/** The kernel and bias of every island of a model as mathematics; islands that merge alike are told once. */
export function explainMerge(model: Model, format: FormulaFormat): string {
  const islands = model.nodes.filter((node) => node.kind === "island");
  const notation = format === "text" ? textNotation : latexNotation;
  const explanations = new Map<string, Explanation>();
  const uses = new Set<string>();
  for (const island of islands) {
    const merge = deriveMerge(island);
    const becomes = printPromise(island.promised);
    const body = bodyOf(merge, notation);
    const key = JSON.stringify([island.label, becomes, body]);
    const known = explanations.get(key);
    if (known) known.paths.push(island.path);
    else explanations.set(key, { label: island.label, becomes, body, paths: [island.path] });
    for (const formula of formulasOf(merge)) collectUses(formula, uses);
  }
  const usesGroups = islands.some(hasGroups);
  const signs = legend(uses, {
    hasStride: islands.some(({ promised }) => promised.stride > 1),
    hasDilation: islands.some(({ promised }) => promised.dilation > 1),
    hasGroups: usesGroups,
  });
  const parts = [...explanations.values()].map((one) => explanationText(one, model.entry, format));
  if (format === "latex") {
    const lines = signs.map(({ latex, law }) => `  ${latex} && \\text{(${law})}`);
    return `${[...parts, aligned(lines)].join("\n\n")}\n`;
  }
  const lines = signs.map(({ text, law }) => `  ${text.padEnd(WIDTH - 4)}${law}`);
  return `${[...parts, `where\n${lines.join("\n")}`].join("\n\n")}\n`;
}

function hasGroups({ promised, body }: Island): boolean {
  const isGrouped = ({ op, params, in: entering, out }: AffineStep) =>
    op.hasKernel && op.groups(params, { in: entering, out }) > 1;
  return promised.groups > 1 || stepsOf(body).some(isGrouped);
}

function formulasOf({ kernel, bias, definitions }: MergeFormula): readonly Formula[] {
  return [kernel, bias, ...definitions.map(({ body }) => body)];
}

function collectUses(formula: Formula, uses: Set<string>): void {
  uses.add(isSideBySide(formula) ? sideBySide : formula.kind);
  operandsOf(formula).forEach((operand) => collectUses(operand, uses));
}

/** A block alone is called by its arguments, a block of a model by its places. */
function explanationText(
  { label, becomes, body, paths }: Explanation,
  entry: string,
  format: FormulaFormat,
): string {
  const isAlone = paths.every((path) => path === "");
  const title = isAlone
    ? `${entry} => ${becomes}`
    : `${label} => ${becomes}, at ${joinPaths(paths)}`;
  const lines = wrapWords(title, WIDTH, "  ");
  if (format === "text") return `${lines}\n\n${body}`;
  return `${lines.replace(/^/gm, "% ")}\n${aligned([body])}`;
}

function aligned(lines: readonly string[]): string {
  return `\\begin{aligned}\n${lines.join(" \\\\\n")}\n\\end{aligned}`;
}

/** The equations of one merge, a line each. */
function bodyOf(merge: MergeFormula, notation: Notation): string {
  const epsilon = onlyEpsilon(merge);
  const equation = (left: string, right: Formula): string => {
    const head = notation === textNotation ? `  ${left} = ` : `  ${left} &= `;
    const layout = printFormula(right, notation, epsilon);
    return head + fill(layout, head.length, WIDTH, notation.lineBreak);
  };
  const main = [equation("K", merge.kernel), equation("b", merge.bias)];
  const defined = printDefinitions(merge.definitions, notation, epsilon, equation, WIDTH);
  if (notation === latexNotation) return [...main, ...defined.flat()].join(" \\\\\n");
  return [main, ...defined].map((lines) => lines.join("\n")).join("\n\n");
}

/** The ε of all normalizations, where it is one number. */
function onlyEpsilon(merge: MergeFormula): number | undefined {
  const found = new Set(formulasOf(merge).flatMap(epsilonsIn));
  found.delete(0);
  const [first] = found;
  return found.size === 1 ? first : undefined;
}

function epsilonsIn(formula: Formula): readonly number[] {
  const own = formula.kind === "reciprocalRoot" ? [formula.epsilon] : [];
  return [...own, ...operandsOf(formula).flatMap(epsilonsIn)];
}
