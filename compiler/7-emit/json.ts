import type { Program } from "../ir/index.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What fits in so many characters is not broken up. */
const shortLine = 80;

/**
 * A program as JSON text for people and for `diff`: the same program gives the same text, an instruction or a weight is one line, and
 * lists of sizes are not stretched over lines. It validates against `specs/schema/program.schema.json`.
 */
export function programJson(program: Program): string {
  return `${print(program as unknown as Json, "")}\n`;
}

function print(value: Json, indent: string): string {
  const line = printLine(value);
  if (!isObject(value) || indent.length + line.length <= shortLine) return line;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => deeper + printLine(item)).join(",\n")}\n${indent}]`;
  }
  const fields = Object.entries(value).map(
    ([name, field]) => `${deeper}${JSON.stringify(name)}: ${print(field, deeper)}`,
  );
  return `{\n${fields.join(",\n")}\n${indent}}`;
}

function printLine(value: Json): string {
  if (!isObject(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(printLine).join(", ")}]`;
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}: ${printLine(field)}`,
  );
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}

function isObject(value: Json): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null;
}
