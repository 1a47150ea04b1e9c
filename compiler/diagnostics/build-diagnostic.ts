import type { Span } from "../../grammar/source.ts";
import type { Value } from "./catalog-entry.ts";
import { catalog } from "./catalog.generated.ts";
import type { Code, DiagnosticParameters } from "./catalog.generated.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** What only the place that found the mistake can know. */
export interface DiagnosticExtra {
  readonly related?: Diagnostic["related"];
  readonly fixes?: Diagnostic["fixes"];
  /** Instead of the section's own label or help. */
  readonly label?: string | undefined;
  readonly help?: string | undefined;
}

type Parameters = Readonly<Record<string, Value | undefined>>;

const PLACEHOLDER = /\{([a-z][A-Za-z]*)\??\}/g;

/**
 * The diagnostic of a section of specs/diagnostics, its placeholders filled in.
 * @throws where a parameter is missing that the types demand: a bug of repqc.
 */
export function diagnostic<C extends Code>(
  code: C,
  span: Span | undefined,
  parameters: DiagnosticParameters[C],
  extra: DiagnosticExtra = {},
): Diagnostic {
  const entry = catalog[code];
  const values: Parameters = parameters;
  const message = fill(entry.message, values);
  if (message === undefined) throw new Error(`a parameter of ${code} is missing: our bug`);
  const label = extra.label ?? firstFilled(entry.label, values);
  const help = extra.help ?? firstFilled(entry.help, values);
  return {
    code,
    severity: entry.severity,
    message,
    related: extra.related ?? [],
    fixes: extra.fixes ?? [],
    ...(span === undefined ? {} : { span }),
    ...(label === undefined ? {} : { label }),
    ...(help === undefined ? {} : { help }),
  };
}

/** The template with its values, or nothing where one is missing. */
function fill(template: string, values: Parameters): string | undefined {
  let isComplete = true;
  const text = template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) isComplete = false;
    return shortened(String(value));
  });
  return isComplete ? text : undefined;
}

const longest = 5_000;

/** A name of a hundred thousand letters says no more than its first. */
function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}

function firstFilled(templates: readonly string[], values: Parameters): string | undefined {
  for (const template of templates) {
    const text = fill(template, values);
    if (text !== undefined) return text;
  }
  return undefined;
}
