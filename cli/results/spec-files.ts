import { dirname, resolve } from "node:path";
import { load } from "../../compiler/1-load/load.ts";
import { ENDING } from "../file-names.ts";
import { createHost, isLibraryName } from "../host.ts";
import { parseReference } from "../reference.ts";
import { UserMistake } from "../user-mistake.ts";
import type { Source } from "./source-files.ts";

/** What may be a spec: it, or a declaration of one as `FILE#NAME`. */
export interface GivenSpec {
  readonly name: string;
  /** As the command line has it. */
  readonly given: string;
  readonly roots: readonly string[];
}

export function isSpec(given: string): boolean {
  const file = fileOf(given);
  return isLibraryName(file) || file.endsWith(ENDING);
}

/** A spec, and all that it imports, and all that these do; what cannot be read is left to who compiles it. */
export function specFiles(folder: string, { name, given, roots }: GivenSpec): readonly Source[] {
  const file = fileOf(given);
  const own = { name, path: resolve(folder, file) };
  try {
    const { host, entry, pathOf } = createHost({ folder, entry: file, roots });
    const { files } = load(entry, host);
    return files.flatMap(({ path: read }) => {
      const path = pathOf(read);
      if (path === undefined) return [];
      return [
        read === entry ? { name, path } : { name: `\`${read}\`, imported by ${name},`, path },
      ];
    });
  } catch (error) {
    if (!(error instanceof UserMistake)) throw error;
    return isLibraryName(file) ? [] : [own];
  }
}

/** Where the specs lie that it may import; nothing of what is none. */
export function folderOfSpec(given: string | undefined): readonly string[] {
  if (given === undefined || !isSpec(given) || isLibraryName(fileOf(given))) return [];
  return [dirname(fileOf(given))];
}

function fileOf(given: string): string {
  return parseReference(given).file ?? given;
}
