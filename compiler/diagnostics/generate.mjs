/**
 * Writes catalog.generated.ts from specs/diagnostics/*.md (the format: specs/diagnostics/README.md).
 * `--check` writes nothing and fails where the file on disk is out of date.
 */
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { format } from "prettier";
import { parseSections, placeholdersOf } from "./sections.mjs";

const folder = new URL("../../specs/diagnostics/", import.meta.url);
const target = new URL("./catalog.generated.ts", import.meta.url);

const AREAS = "syntax name type shape merge quant limit artefact config".split(" ");

function readSections() {
  const files = readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md");
  const areas = files.map((name) => name.slice(0, -".md".length));
  const stranger = areas.find((area) => !AREAS.includes(area));
  if (stranger !== undefined) throw new Error(`${stranger}.md: the areas are ${AREAS.join(", ")}`);
  const ordered = AREAS.filter((area) => areas.includes(area));
  const sections = ordered.flatMap((area) =>
    parseSections(readFileSync(new URL(`${area}.md`, folder), "utf8"), area),
  );
  const codes = sections.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined) throw new Error(`${twice} has two sections`);
  return sections;
}

function parametersOf(section) {
  const fields = placeholdersOf(section).map(({ name, isOptional }) =>
    isOptional ? `${name}?: Value | undefined;` : `${name}: Value;`,
  );
  const type = fields.length === 0 ? "Record<string, never>" : `{ ${fields.join(" ")} }`;
  return `${JSON.stringify(section.code)}: ${type};`;
}

function catalogText(sections) {
  const entries = sections.map(
    ({ code, ...entry }) => `${JSON.stringify(code)}: ${JSON.stringify(entry)},`,
  );
  return `/** Generated from specs/diagnostics by \`npm run generate\`; edit the Markdown there, never this file. */
import type { CatalogEntry, Value } from "./catalog-entry.ts";

/** The placeholders of each code. */
export interface DiagnosticParameters {
${sections.map(parametersOf).join("\n")}
}

/** A code of the catalogue: \`area/slug\`. */
export type Code = keyof DiagnosticParameters;

export const catalog: { readonly [code in Code]: CatalogEntry } = {
${entries.join("\n")}
};
`;
}

const text = await format(catalogText(readSections()), { parser: "typescript", printWidth: 100 });
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error("catalog.generated.ts is older than specs/diagnostics: run `npm run generate`");
  process.exitCode = 1;
}
