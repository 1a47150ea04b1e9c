import { findDuplicateKey } from "../duplicate-key.ts";
import { fillPath, NamePattern, type Found } from "./name-pattern.ts";
import { findNamesViolation } from "./names-schema.ts";
import { unreadable } from "./problems.ts";

/** A table of names as text, and what to call it in errors. */
export interface NamesText {
  readonly file: string;
  readonly text: string;
}

/** Finds a block's table that another table refers to; its failures are its own. */
export type FindTable = (reference: string, from: string) => NamesText;

/** What one kind of checkpoint calls the weights of a spec. */
export interface NamesTable {
  /** Whose checkpoints these are, for people; empty for a block's table. */
  readonly of: string;
  /**
   * Path of a weight, or paths of the weights that a tensor's rows are; null for what is a constant of the spec; nothing where the
   * table does not have the name.
   */
  pathOf(name: string): Target | undefined;
}

type Target = string | readonly string[] | null;
type Part = { readonly block: string; readonly path: string };
type Lookup = NamesTable["pathOf"];

interface ModelTables {
  readonly checkpoints: readonly {
    readonly of: string;
    readonly names: Readonly<Record<string, Target | Part>>;
  }[];
}

/**
 * Reads a table of names (`specs/schema/names.schema.json`): one for every kind of checkpoint that it knows.
 * @throws ForeignFile where it is not such a table
 */
export function readNames(source: NamesText, find: FindTable): readonly NamesTable[] {
  const value = parse(source) as ModelTables | Readonly<Record<string, Target>>;
  if (!isModel(value)) return [{ of: "", pathOf: lookupIn(value, source.file) }];
  const blocks = new Map<string, Lookup>();
  const blockLookup = (reference: string): Lookup => {
    const known = blocks.get(reference) ?? readBlock(find(reference, source.file));
    blocks.set(reference, known);
    return known;
  };
  return value.checkpoints.map(({ of, names }) => {
    const rules = Object.entries(names).map(([pattern, target]) =>
      isPart(target)
        ? partRule(pattern, target, blockLookup(target.block), source.file)
        : nameRule(pattern, target, source.file),
    );
    return { of, pathOf: firstOf(rules) };
  });
}

function isPart(target: Target | Part): target is Part {
  return typeof target === "object" && target !== null && "block" in target;
}

function readBlock(source: NamesText): Lookup {
  const value = parse(source) as ModelTables | Readonly<Record<string, Target>>;
  if (!isModel(value)) return lookupIn(value, source.file);
  throw unreadable(source.file, "it is a model's table of names where a block's is needed", help);
}

function isModel(value: ModelTables | Readonly<Record<string, Target>>): value is ModelTables {
  return Array.isArray(value["checkpoints"]);
}

function lookupIn(names: Readonly<Record<string, Target>>, file: string): Lookup {
  return firstOf(Object.entries(names).map(([name, target]) => nameRule(name, target, file)));
}

function firstOf(rules: readonly Lookup[]): Lookup {
  return (name) => {
    for (const rule of rules) {
      const path = rule(name);
      if (path !== undefined) return path;
    }
    return undefined;
  };
}

function nameRule(name: string, target: Target, file: string): Lookup {
  const { pattern, fill } = rule(
    name,
    typeof target === "string" ? [target] : (target ?? []),
    file,
  );
  return (given) => {
    const match = pattern.match(given);
    if (match === undefined || target === null) return match && null;
    const paths = fill(match.found);
    return typeof target === "string" ? paths[0] : paths;
  };
}

function partRule(prefix: string, { path }: Part, block: Lookup, file: string): Lookup {
  const { pattern, fill } = rule(prefix, [path], file, true);
  return (given) => {
    const match = pattern.match(given);
    const inner = match && block(match.rest);
    if (match === undefined || inner === undefined || inner === null) return inner;
    const [begin = ""] = fill(match.found);
    const below = (one: string) => `${begin}.${one}`;
    return typeof inner === "string" ? below(inner) : inner.map(below);
  };
}

/** A pattern and what it becomes, tried once so that a mistake in the table is told at once. */
function rule(
  name: string,
  paths: readonly string[],
  file: string,
  isPrefix = false,
): { readonly pattern: NamePattern; readonly fill: (found: Found) => readonly string[] } {
  try {
    const pattern = new NamePattern(name, isPrefix);
    const fill = (found: Found) => paths.map((path) => fillPath(path, found));
    fill(new Map(pattern.variables.map((variable) => [variable, 0])));
    return { pattern, fill };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw unreadable(file, `it is no table of names: ${error.message}`, help);
  }
}

function parse({ file, text }: NamesText): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unreadable(file, "it is no table of names: it is not JSON text", help);
  }
  const twice = findDuplicateKey(text);
  const violation = twice === undefined ? findNamesViolation(value) : `it has \`${twice}\` twice`;
  if (violation !== undefined) {
    throw unreadable(file, `it is no table of names: ${violation}`, help);
  }
  return value;
}

const help = "`specs/schema/names.schema.json` says what such a table has.";
