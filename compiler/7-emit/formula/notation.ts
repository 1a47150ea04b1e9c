import type { FormulaSymbol } from "../../algebra/formula.ts";

/** How one medium writes mathematics. */
export interface Notation {
  /** The letter and what tells it from others of the letter. */
  subscripted(letter: string, subscript: string): string;
  /** What is below a symbol: branch, number, copy. */
  subscript(symbol: Pick<FormulaSymbol, "label" | "ordinal" | "copies">): string;
  readonly identity: string;
  /** Factor per channel; composition. */
  readonly times: string;
  readonly star: string;
  readonly minus: string;
  readonly epsilon: string;
  number(value: number): string;
  root(of: string): string;
  quotient(above: string, below: string): string;
  apply(name: string, ...args: readonly string[]): string;
  /** One behind the other, of the same inputs; or each of inputs of its own. */
  join(parts: readonly string[]): string;
  sideBySide(parts: readonly string[]): string;
  slice(first: number, end: number): string;
  sumOver(index: string, count: number): string;
  /** A line that goes on, `column` characters from the left. */
  lineBreak(column: number): string;
  table(rows: readonly (readonly string[])[]): string;
  equation(left: string, right: string): string;
  /** A line that says for which branches the lines above hold. */
  forEach(variable: string, places: readonly string[], width: number): string;
  /** Ordinary words in a formula. */
  words(text: string): string;
}

const low = "₀₁₂₃₄₅₆₇₈₉";
const high = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const lowLetters: ReadonlyMap<string, string> = new Map([
  ["k", "ₖ"],
  ["m", "ₘ"],
  ["p", "ₚ"],
]);

function digits(value: number, alphabet: string): string {
  return String(value).replace(/\d/g, (digit) => alphabet[Number(digit)] ?? digit);
}

/** Lines of `width` columns; `indent` stands in front of all but the first. */
export function wrapWords(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const isFull = last !== undefined && last.length + 1 + word.length > width;
    if (last === undefined || isFull) lines.push(isFull ? indent + word : word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join("\n");
}

const LONGEST_NUMBER = 6;

/** 1e-5 rather than 0.00001. */
function shortest(value: number): string {
  const plain = String(value);
  return plain.length <= LONGEST_NUMBER ? plain : value.toExponential();
}

/** For a terminal: Unicode, every sign one column wide. */
export const textNotation: Notation = {
  subscripted: (letter, subscript) =>
    /^[₀-₉]*$/.test(subscript) ? letter + subscript : `${letter}_${subscript}`,
  subscript: ({ label, ordinal, copies }) =>
    [label + (ordinal > 0 ? digits(ordinal, low) : ""), ...copies].join(","),
  identity: "I",
  times: " ⊙ ",
  star: " ∗ ",
  minus: "−",
  epsilon: "ε",
  number: (value) => shortest(value).replace(/^-/, "−"),
  root: (of) => `√(${of})`,
  quotient: (above, below) => `${above} / ${below}`,
  apply: (name, ...args) => `${name}(${args.join(", ")})`,
  join: (parts) => `[${parts.join(" | ")}]`,
  sideBySide: (parts) => `[${parts.join(" ⊕ ")}]`,
  slice: (first, end) => `I[${first}:${end}]`,
  sumOver: (index, count) => `Σ${lowLetters.get(index) ?? `[${index}]`}₌₁${digits(count, high)} `,
  lineBreak: (column) => `\n${" ".repeat(column)}`,
  table: (rows) => `[${rows.map((row) => row.join(" ")).join("; ")}]`,
  equation: (left, right) => `  ${left} = ${right}`,
  forEach: (variable, places, width) =>
    `  ${wrapWords(`for ${variable} = ${places.join(", ")}`, width - 2, "    ")}`,
  words: (text) => text,
};

const greek: ReadonlyMap<string, string> = new Map([
  ["γ", "\\gamma"],
  ["β", "\\beta"],
  ["μ", "\\mu"],
  ["σ²", "\\sigma^2"],
]);

/** For a paper: inside an `aligned` environment of amsmath. */
export const latexNotation: Notation = {
  subscripted: (letter, subscript) =>
    `${greek.get(letter) ?? letterOf(letter)}${subscript === "" ? "" : `_{${subscript}}`}`,
  subscript: ({ label, ordinal, copies }) => {
    const name = label === "" ? [] : [letterOf(label)];
    return [...name, ...(ordinal > 0 ? [ordinal] : []), ...copies].join(",");
  },
  identity: "I",
  times: " \\odot ",
  star: " * ",
  minus: "-",
  epsilon: "\\varepsilon",
  number: (value) => shortest(value).replace(/^(.*)e(.*)$/, inPowers),
  root: (of) => `\\sqrt{${of}}`,
  quotient: (above, below) => `\\frac{${above}}{${below}}`,
  apply: (name, ...args) => `\\operatorname{${name}}(${args.join(", ")})`,
  join: (parts) => `\\left[${parts.join(" \\mid ")}\\right]`,
  sideBySide: (parts) => `\\left[${parts.join(" \\oplus ")}\\right]`,
  slice: (first, end) => `I_{${first}:${end}}`,
  sumOver: (index, count) => `\\sum_{${index}=1}^{${count}} `,
  lineBreak: () => " \\\\\n  &\\quad ",
  table: (rows) =>
    `\\left[\\begin{smallmatrix}${rows.map((row) => row.join(" & ")).join(" \\\\ ")}\\end{smallmatrix}\\right]`,
  equation: (left, right) => `  ${left} &= ${right}`,
  forEach: (variable, places) => `  &\\quad \\text{for } ${variable} = ${places.join(";\\ ")}`,
  words: (text) => `\\text{${text.replaceAll("×", "$\\times$").replaceAll("…", "\\ldots")}}`,
};

/** 2.5e-4 as mathematicians write it. */
function inPowers(_: string, mantissa: string, exponent: string): string {
  const power = `10^{${exponent}}`;
  return mantissa === "1" ? power : `${mantissa} \\cdot ${power}`;
}

/** Letters of more than one sign are names. */
function letterOf(letter: string): string {
  return letter.length === 1 ? letter : `\\mathrm{${letter.replaceAll("_", "\\_")}}`;
}
