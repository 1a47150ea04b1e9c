/** Whole numbers that a pattern found, by the names of its variables. */
export type Found = ReadonlyMap<string, number>;

/** `{2*i+1}`: a whole number computed from another. */
interface Term {
  readonly variable: string;
  readonly factor: number;
  readonly offset: number;
}

const placeholder = /\{(?:(\d{1,4})\*)?([a-z]\w{0,20})(?:([+-]\d{1,4}))?\}/g;
/** Larger indices are in no network. */
const digits = "(0|[1-9][0-9]{0,5})";

/** A name, or all names that begin so, with whole numbers left open. */
export class NamePattern {
  readonly #regex: RegExp;
  readonly #terms: readonly Term[];

  /**
   * @param isPrefix whether a dot and any rest follow
   * @throws RangeError where braces in it are no placeholder
   */
  constructor(text: string, isPrefix: boolean) {
    const { terms, literals } = split(text);
    this.#terms = terms;
    const source = literals.map(escaped).join(digits);
    this.#regex = new RegExp(`^${source}${isPrefix ? "\\.(.+)" : ""}$`, "s");
  }

  /** The numbers, and for a prefix what follows it; nothing where the name does not match. */
  match(name: string): { readonly found: Found; readonly rest: string } | undefined {
    const groups = this.#regex.exec(name);
    if (!groups) return undefined;
    const found = new Map<string, number>();
    for (const [index, { variable, factor, offset }] of this.#terms.entries()) {
      const value = (Number(groups[index + 1]) - offset) / factor;
      const isFirst = !found.has(variable);
      if (!Number.isInteger(value) || value < 0) return undefined;
      if (!isFirst && found.get(variable) !== value) return undefined;
      found.set(variable, value);
    }
    return { found, rest: groups[this.#terms.length + 1] ?? "" };
  }

  get variables(): readonly string[] {
    return this.#terms.map(({ variable }) => variable);
  }
}

/**
 * A path with the numbers filled in.
 * @throws RangeError where braces in it are no placeholder, or its variable is not among `found`
 */
export function fillPath(text: string, found: Found): string {
  const { terms, literals } = split(text);
  const numbers = terms.map(({ variable, factor, offset }) => {
    const value = found.get(variable);
    if (value === undefined) throw new RangeError(`\`{${variable}}\` is in no name before it`);
    return String(factor * value + offset);
  });
  return literals.map((literal, index) => literal + (numbers[index] ?? "")).join("");
}

function split(text: string): { terms: readonly Term[]; literals: readonly string[] } {
  const terms: Term[] = [];
  const literals: string[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    const [whole, factor = "1", variable = "", offset = "0"] = match;
    literals.push(text.slice(end, match.index));
    terms.push({ variable, factor: Number(factor), offset: Number(offset) });
    end = match.index + whole.length;
  }
  literals.push(text.slice(end));
  if (literals.some((literal) => /[{}]/.test(literal)) || terms.some(({ factor }) => factor < 1)) {
    throw new RangeError(`\`${text}\` has braces that are no placeholder such as \`{i}\``);
  }
  return { terms, literals };
}

function escaped(literal: string): string {
  return literal.replaceAll(/[\\^$.*+?()[\]|]/g, String.raw`\$&`);
}
