import type { DataHost } from "../../runtime/data/index.ts";
import { MissingFile } from "../../runtime/files.ts";

/** Files in memory, which nobody may change, and the folders on their paths. */
export function memoryDataHost(files: ReadonlyMap<string, Uint8Array>): DataHost {
  const refuse = (): never => {
    throw new Error("Reading data should not do this.");
  };
  const below = (folder: string): readonly string[] =>
    [...files.keys()]
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1));
  return {
    read: async (path) => {
      const bytes = files.get(path);
      if (!bytes) throw new MissingFile(path, "is not there", "Check the path.");
      return bytes;
    },
    exists: async (path) => files.has(path),
    list: async (folder) => below(folder).filter((path) => !path.includes("/")),
    folders: async (folder) => {
      const deep = below(folder).filter((path) => path.includes("/"));
      return [...new Set(deep.map((path) => path.slice(0, path.indexOf("/"))))];
    },
    write: refuse,
    remove: refuse,
  };
}
