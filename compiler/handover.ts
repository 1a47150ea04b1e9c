import type { Declaration, File, Import } from "../grammar/index.ts";

/** What the phases that know syntax hand to each other. */

/** A file and where each of its imports leads. */
export interface LoadedFile {
  readonly path: string;
  readonly file: File;
  /** Path of the imported file; absent where the import is wrong. */
  readonly targets: ReadonlyMap<Import, string>;
}

/** The names that a file can use: its own declarations and its imports. */
export interface Scope extends ReadonlyMap<string, Bound> {
  /** Names of imports that went wrong: said once, where they are imported. */
  readonly lost: ReadonlySet<string>;
}

/** A declaration together with the names that its own text can use. */
export interface Bound {
  readonly declaration: Declaration;
  readonly scope: Scope;
}
