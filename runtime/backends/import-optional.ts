import { BackendUnavailable } from "./backend-unavailable.ts";

/** An optional package, imported when it is needed. */
export type OptionalPackage = {
  /** The backend that wants it. */
  readonly backend: string;
  /** Its name on npm. */
  readonly specifier: string;
  /** What to do where it is missing or broken. */
  readonly remedies: readonly string[];
};

/**
 * Imports a package that need not be installed.
 * @throws BackendUnavailable both where the package is missing and where it is there but fails while it
 *   loads: a native package without its addon throws a plain Error, not MODULE_NOT_FOUND.
 */
export async function importOptional(wanted: OptionalPackage): Promise<unknown> {
  try {
    // Bundlers shall leave it alone: it is optional, and Node's.
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ wanted.specifier);
  } catch (error) {
    const reason = explainImportError(error, wanted.specifier);
    throw new BackendUnavailable(wanted.backend, reason, wanted.remedies, error);
  }
}

/** One sentence, without a stack, about why an import failed. */
export function explainImportError(error: unknown, specifier: string): string {
  if (isMissing(error, specifier)) return `the package ${specifier} is not installed`;
  const message = error instanceof Error ? error.message : String(error);
  const firstLine = message.split("\n", 1)[0]!.replace(/\.$/, "");
  return `the package ${specifier} is installed but does not load (${firstLine})`;
}

/** The package itself is missing, rather than one of its own files or dependencies. */
function isMissing(error: unknown, specifier: string): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  const isNotFound = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
  const namesIt = [`'${specifier}'`, `"${specifier}"`, `package ${specifier} `];
  return isNotFound && namesIt.some((name) => error.message.includes(name));
}
