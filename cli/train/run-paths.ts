import { isAbsolute, relative, resolve, sep } from "node:path";
import { isLibraryName } from "../host.ts";

/** What of a run's options are paths. */
export const pathOptions = ["file", "data", "testData", "weights"] as const;

type Paths = Partial<Record<(typeof pathOptions)[number], string>>;

/** The same options with their paths from another folder; both folders absolute. */
export function movePaths<T extends Paths>(options: T, from: string, to: string): T {
  const moved = pathOptions.flatMap((name) => {
    const path = options[name];
    if (path === undefined || isLibraryName(path) || isAbsolute(path)) return [];
    const shown = relative(to, resolve(from, path)).split(sep).join("/");
    return [[name, shown === "" ? "." : shown] as const];
  });
  return { ...options, ...Object.fromEntries(moved) };
}
