import { dirname, join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { readNames, type NamesTable, type NamesText } from "../../runtime/import/index.ts";
import { ENDING, isInside, LIBRARY, libraryFolder } from "../file-names.ts";
import { filesIn } from "../files.ts";
import { isLibraryName } from "../host.ts";
import { UserMistake } from "../user-mistake.ts";

const TABLE_ENDING = ".names.json";

/**
 * The tables of names for a spec: the file given, or the one beside the spec, `net.names.json` for `net.repq`.
 * @param spec the spec, or `repq:...` for one of the standard library
 * @param names what `--names` says, a file or `repq:...`
 * @throws UserMistake (no such file), ForeignFile (no such table)
 */
export function namesFor(
  folder: string,
  spec: string,
  names: string | undefined,
): readonly NamesTable[] {
  return readNames(readTable(folder, namesFile(spec, names)), (reference, from) =>
    readTable(folder, isLibraryName(reference) ? reference : relativeTo(from, reference)),
  );
}

/** Where the first of the tables is. */
export function namesFile(spec: string, names: string | undefined): string {
  return names ?? besides(spec);
}

function besides(spec: string): string {
  if (isLibraryName(spec)) return spec;
  const name = spec.endsWith(ENDING) ? spec.slice(0, -ENDING.length) : spec;
  return name + TABLE_ENDING;
}

/** A table that another one names stands beside it, unless it is one of the standard library. */
function relativeTo(from: string, reference: string): string {
  if (!isLibraryName(from)) return join(dirname(from), reference);
  const name = reference.endsWith(TABLE_ENDING)
    ? reference.slice(0, -TABLE_ENDING.length)
    : reference;
  return LIBRARY + join(dirname(from.slice(LIBRARY.length)), name);
}

function readTable(folder: string, file: string): NamesText {
  const path = isLibraryName(file)
    ? resolve(libraryFolder, file.slice(LIBRARY.length) + TABLE_ENDING)
    : resolve(folder, file);
  try {
    if (isLibraryName(file) && !isInside(path, libraryFolder)) throw missing(file);
    return { file, text: filesIn(folder).readText(path) };
  } catch (error) {
    throw isMissing(error) ? missing(file) : error;
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof UserMistake)) return false;
  return error.diagnostics.some(({ code }) => code === "artefact/missing-file");
}

function missing(file: string): UserMistake {
  const help =
    "say with `--names FILE` what the checkpoint calls the weights, or take a table of the standard library, such as `--names repq:models/repvgg`";
  return new UserMistake(diagnostic("artefact/missing-file", undefined, { file }, { help }));
}
