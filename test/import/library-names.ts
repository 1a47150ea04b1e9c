import { readFileSync } from "node:fs";
import { readNames, type NamesTable } from "../../runtime/import/index.ts";

/** The tables of names of a file of the standard library, such as `models/repvgg`. */
export function libraryNames(name: string): readonly NamesTable[] {
  const read = (path: string) => ({
    file: `repq:${path}`,
    text: readFileSync(new URL(`../../specs/${path}.names.json`, import.meta.url), "utf8"),
  });
  return readNames(read(name), (reference) => read(reference.replace(/^repq:/, "")));
}
