import { readFile, readdir, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MissingFile, UnreadableFile, UnwritableFile, type FileHost } from "../runtime/files.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** The runtime's files, below a folder. */
export function fileHost(folder: string): FileHost {
  const at = (path: string) => resolve(folder, path);
  return {
    read: (path) => refusing(path, "read", async () => new Uint8Array(await readFile(at(path)))),
    write: (path, bytes) => refusing(path, "write", async () => writeFileAtomic(at(path), bytes)),
    exists: async (path) => (await stat(at(path)).catch(() => undefined))?.isFile() === true,
    list: async (path) => {
      const entries = await readdir(at(path), { withFileTypes: true }).catch(() => []);
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    remove: (path) => refusing(path, "write", () => rm(at(path), { force: true })),
  };
}

/** Failures of the file system as the runtime's own problems. */
async function refusing<T>(
  path: string,
  action: "read" | "write",
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "an unknown error";
    if (action === "write")
      throw new UnwritableFile(
        path,
        `could not be written (${code})`,
        "Check the folder, its permissions and the space left.",
      );
    if (code === "ENOENT") throw new MissingFile(path, "is not there", "Check the path.");
    throw new UnreadableFile(path, `could not be read (${code})`, "Check its permissions.");
  }
}
