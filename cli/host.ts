import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, resolve } from "node:path";
import { diagnostic, suggest } from "../compiler/diagnostics/index.ts";
import type { Host, Resolution } from "../compiler/host.ts";
import { ENDING, FileNames, isInside, LIBRARY, libraryFolder } from "./file-names.ts";
import { filesIn } from "./files.ts";
import { UserMistake } from "./user-mistake.ts";

export interface HostOptions {
  /** Folder that the command was called from. */
  readonly folder: string;
  /** The entry file as the user wrote it, or `repq:...` for one of the standard library. */
  readonly entry: string;
  /** Folders that imports may reach besides the entry's own. */
  readonly roots?: readonly string[];
  /** A further spec that the command line names, as the entry: a policy's or a recipe's. Imports may reach its folder too. */
  readonly other?: string | undefined;
}

/**
 * Files for one compilation (S13): imports reach what lies in or below the entry's folder, the further roots, and the standard library
 * below `specs/`; links are followed before that is decided.
 * @returns the host, the paths by which it knows the entry and the other spec, the text of every spec read so far, by its path,
 * and where such a path lies
 * @throws UserMistake where the entry, the other spec or a root is not there
 */
export function createHost({ folder, entry, roots = [], other }: HostOptions): {
  readonly host: Host;
  readonly entry: string;
  readonly other: string | undefined;
  readonly texts: ReadonlyMap<string, string>;
  readonly pathOf: (name: string) => string | undefined;
} {
  const files = filesIn(folder);
  const realOf = (path: string): string => realpathSync(resolve(folder, path));
  const [entryPath, otherPath] = [entry, other].map((spec) => {
    const file = spec !== undefined && isLibraryName(spec) ? requireLibraryFile(spec) : spec;
    if (file !== undefined && file === spec) files.ensureThere(file);
    return file === undefined ? undefined : realOf(file);
  });
  if (entryPath === undefined) throw new Error("repqc bug: a compilation without a spec");
  roots.forEach(files.ensureThere);
  const names = new FileNames(realpathSync(folder), isAbsolute(entry));
  const named = [entryPath, ...(otherPath === undefined ? [] : [otherPath])];
  const allowed = [...named.map((path) => dirname(path)), ...roots.map(realOf)];
  const texts = new Map<string, string>();
  const host: Host = {
    read: (name) => {
      const path = names.pathOf(name);
      if (path === undefined) return undefined;
      const text = files.readText(path);
      texts.set(name, text);
      return text;
    },
    resolve: (from, spec) => resolveImport(from, spec, allowed, names),
  };
  const entryName = isLibraryName(entry) ? names.nameOf(entryPath) : names.nameOfEntry(entryPath);
  const otherName = otherPath && names.nameOf(otherPath);
  return { host, entry: entryName, other: otherName, texts, pathOf: (name) => names.pathOf(name) };
}

/** Whether a path names a spec of the standard library. */
export function isLibraryName(path: string): boolean {
  return path.startsWith(LIBRARY);
}

/** @throws UserMistake, which never tells where the library lies */
function requireLibraryFile(name: string): string {
  const path = libraryFile(name);
  if (isInside(path, libraryFolder) && realPathOf(path) !== undefined) return path;
  const suggestion = isInside(path, libraryFolder)
    ? suggest(name, importsNear(path, name))
    : undefined;
  const help =
    suggestion === undefined
      ? "name a spec of the standard library, such as `repq:blocks/repvgg`"
      : `did you mean \`${suggestion}\`?`;
  throw new UserMistake(diagnostic("artefact/missing-file", undefined, { file: name }, { help }));
}

/** Path of a file of the standard library. */
function libraryFile(name: string): string {
  return resolve(libraryFolder, `${name.slice(LIBRARY.length)}${ENDING}`);
}

function resolveImport(
  from: string,
  spec: string,
  allowed: readonly string[],
  names: FileNames,
): Resolution {
  const isLibrary = isLibraryName(spec);
  const start = isLibrary ? libraryFolder : dirname(names.pathOf(from) ?? from);
  const path = isLibrary ? libraryFile(spec) : resolve(start, spec);
  const roots = isInside(start, libraryFolder) ? [libraryFolder] : allowed;
  const isAllowed = (one: string): boolean => roots.some((root) => isInside(one, root));
  // Decided by the path alone first, so that a spec cannot learn what exists elsewhere.
  if (!isAllowed(path)) return { kind: "outside" };
  const real = realPathOf(path);
  if (real === undefined) {
    return { kind: "missing", tried: names.triedAs(path), nearby: importsNear(path, spec) };
  }
  return isAllowed(real) ? { kind: "found", path: names.nameOf(real) } : { kind: "outside" };
}

/** Links followed; nothing where there is no such file. */
function realPathOf(path: string): string | undefined {
  try {
    const real = realpathSync(path);
    return statSync(real).isDirectory() ? undefined : real;
  } catch {
    return undefined;
  }
}

/** What could stand in the import's place: the files of the folder it points to, written as it is written. */
function importsNear(path: string, spec: string): readonly string[] {
  const start = spec.replace(/[^/:]*$/, "");
  const ending = spec.startsWith(LIBRARY) ? ENDING : "";
  try {
    const names = readdirSync(dirname(path)).filter((name) => name.endsWith(ENDING));
    return names.toSorted().map((name) => start + basename(name, ending));
  } catch {
    return [];
  }
}
