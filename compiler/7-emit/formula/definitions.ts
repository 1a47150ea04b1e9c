import type { Formula, FormulaSymbol } from "../../algebra/formula.ts";
import { mapOperands } from "../../algebra/formula.ts";
import type { Definition } from "./abbreviate.ts";
import type { Notation } from "./notation.ts";

/** Equations of one shape: `a_n = ...` for every n of a list. */
interface Family {
  readonly definition: Definition;
  readonly members: Definition[];
}

/** What stands for any branch; not what one of them is called. */
function variableFor(definitions: readonly Definition[]): string {
  const labels = new Set(definitions.map(({ symbol }) => symbol.label));
  return ["n", "j", "r"].find((name) => !labels.has(name)) ?? "any";
}

/**
 * The equations of the definitions, in paragraphs: those of one shape are one equation with a variable, and those that hold for the same
 * branches stand together.
 * @param epsilon the number that is written as the letter
 */
export function printDefinitions(
  definitions: readonly Definition[],
  notation: Notation,
  epsilon: number | undefined,
  equation: (left: string, right: Formula) => string,
  width: number,
): readonly (readonly string[])[] {
  const name = ({ letter, ...rest }: FormulaSymbol) =>
    notation.subscripted(letter, notation.subscript(rest));
  const line = ({ symbol, body }: Definition) => equation(name(symbol), body);
  const paragraphs = new Map<string, { places: readonly string[]; lines: string[] }>();
  const variable = variableFor(definitions);
  for (const { definition, members } of familiesOf(definitions, variable)) {
    const isAlone = members.length === 1;
    const places = isAlone ? [] : members.map(({ symbol }) => notation.subscript(symbol));
    const lines = isAlone ? members.map(line) : [line(definition)];
    const known = paragraphs.get(places.join());
    if (known) known.lines.push(...lines);
    else paragraphs.set(places.join(), { places, lines });
  }
  const single = paragraphs.get("")?.lines ?? [];
  paragraphs.delete("");
  const constants = epsilon === undefined ? [] : [constant(notation, epsilon)];
  const many = [...paragraphs.values()].map(({ places, lines }) => [
    ...lines,
    notation.forEach(variable, places, width),
  ]);
  const rest = [...single, ...constants];
  return [...many, ...(rest.length > 0 ? [rest] : [])];
}

function constant(notation: Notation, value: number): string {
  return notation.equation(notation.epsilon, notation.number(value));
}

function familiesOf(definitions: readonly Definition[], variable: string): readonly Family[] {
  const families = new Map<string, Family>();
  for (const member of definitions) {
    const definition = generalize(member, variable);
    const key = JSON.stringify(definition ?? member);
    const known = families.get(key);
    if (known) known.members.push(member);
    else families.set(key, { definition: definition ?? member, members: [member] });
  }
  return [...families.values()];
}

/** The definition with a variable for its branch; nothing where it speaks of another one, or of none. */
function generalize({ symbol, body }: Definition, label: string): Definition | undefined {
  if (symbol.label === "") return undefined;
  const variable = { label, ordinal: 0, copies: [] };
  const own = subscriptKey(symbol);
  let isOwn = true;
  const change = (formula: Formula): Formula => {
    if (formula.kind !== "symbol") return mapOperands(formula, change);
    if (subscriptKey(formula) !== own) isOwn = false;
    return { ...formula, ...variable };
  };
  const general = change(body);
  return isOwn ? { symbol: { ...symbol, ...variable }, body: general } : undefined;
}

function subscriptKey({ label, ordinal, copies }: FormulaSymbol): string {
  return JSON.stringify([label, ordinal, copies]);
}
