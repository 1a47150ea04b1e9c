import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { DataHost } from "../runtime/data/index.ts";
import { fileHost } from "./file-host.ts";

/** Data below a folder. Links count as what they lead to: large sets are often linked to where there is room. */
export function dataHost(folder: string): DataHost {
  const list = async (path: string, kind: "isFile" | "isDirectory"): Promise<string[]> => {
    const at = resolve(folder, path);
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    const names: string[] = [];
    for (const entry of entries) {
      const known = entry.isSymbolicLink()
        ? await stat(join(at, entry.name)).catch(() => undefined)
        : entry;
      if (known?.[kind]() === true) names.push(entry.name);
    }
    return names;
  };
  return {
    ...fileHost(folder),
    list: (path) => list(path, "isFile"),
    folders: (path) => list(path, "isDirectory"),
  };
}
