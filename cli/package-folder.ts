import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Folder of an installed package; where there is none, the folder where it would be looked for first. */
export function packageFolder(name: string): string {
  const require = createRequire(import.meta.url);
  const places = require.resolve.paths(name) ?? [];
  try {
    return dirname(require.resolve(`${name}/package.json`));
  } catch {
    return join(places[0] ?? "node_modules", name);
  }
}
