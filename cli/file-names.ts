import { realpathSync } from "node:fs";
import { isAbsolute, join, relative, sep } from "node:path";
import { packageRoot } from "./package-root.ts";

/** How imports name the standard library. */
export const LIBRARY = "repq:";
export const ENDING = ".repq";
export const libraryFolder = realpathSync(join(packageRoot, "specs"));

/** Whether a path is a folder or lies below it; both absolute. */
export function isInside(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below === "" || (below.split(sep)[0] !== ".." && !isAbsolute(below));
}

/** One name per real file, for messages and as the compiler's key: a file reached by two ways is one file. */
export class FileNames {
  readonly #base: string;
  readonly #isAbsolute: boolean;
  readonly #names = new Map<string, string>();
  readonly #paths = new Map<string, string>();

  /**
   * @param base absolute folder that names start from
   * @param isAbsolute whether files outside it are named from the root, as the user did with the entry
   */
  constructor(base: string, isAbsolute: boolean) {
    this.#base = base;
    this.#isAbsolute = isAbsolute;
  }

  /** The entry keeps its path even where it belongs to the standard library, so that an editor can open it. */
  nameOfEntry(path: string): string {
    return this.#remember(path, this.#shown(path));
  }

  nameOf(path: string): string {
    const known = this.#names.get(path);
    if (known !== undefined) return known;
    return this.#remember(path, this.triedAs(path));
  }

  pathOf(name: string): string | undefined {
    return this.#paths.get(name);
  }

  /** A path that an import leads to, whether anything is there or not, as messages show it. */
  triedAs(path: string): string {
    return isInside(path, libraryFolder) ? libraryName(path) : this.#shown(path);
  }

  #shown(path: string): string {
    const isOutside = !isInside(path, this.#base);
    return slashed(isOutside && this.#isAbsolute ? path : relative(this.#base, path));
  }

  #remember(path: string, name: string): string {
    this.#names.set(path, name);
    this.#paths.set(name, path);
    return name;
  }
}

function libraryName(path: string): string {
  const below = slashed(relative(libraryFolder, path));
  return LIBRARY + (below.endsWith(ENDING) ? below.slice(0, -ENDING.length) : below);
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}
