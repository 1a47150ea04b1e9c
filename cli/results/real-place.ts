import { realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Links followed, as far as there is anything; the rest of the path is what will be made there. @param path absolute */
export function realPlace(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPlace(above), basename(path));
  }
}
