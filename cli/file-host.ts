import { readFile, readdir, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MissingFile, UnreadableFile, UnwritableFile, type FileHost } from "../runtime/files.ts";
import { codeOf, wordingOf } from "./file-problem.ts";
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
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (action === "read" && code === "ENOENT") {
      throw new MissingFile(path, "is not there", "Check the path.");
    }
    const { reason, hint = "try again" } = wordingOf(code);
    const Problem = action === "write" ? UnwritableFile : UnreadableFile;
    const help = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
    const verb = action === "write" ? "written" : "read";
    throw new Problem(path, `cannot be ${verb}: ${reason}`, help);
  }
}
