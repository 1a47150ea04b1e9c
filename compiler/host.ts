/** The compiler's only door to files, so that tests and browsers can pass a map. */
export interface Host {
  /** Text of a file, or nothing where there is none. */
  read(path: string): string | undefined;
  /** The file that an import means (rule S13): relative to the importing file, or `repq:...` for the standard library. */
  resolve(from: string, specifier: string): Resolution;
}

export type Resolution =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "missing"; readonly tried: string; readonly nearby: readonly string[] }
  /** Would leave the folder tree that imports may reach. */
  | { readonly kind: "outside" };
