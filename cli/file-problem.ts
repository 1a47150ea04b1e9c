import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { diagnostic, suggest } from "../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../compiler/diagnostics/index.ts";

interface Wording {
  readonly reason: string;
  readonly hint?: string;
}

/** What the codes of the file system mean, in words. */
const WORDINGS: Readonly<Record<string, Wording>> = {
  EACCES: {
    reason: "you have no permission",
    hint: "change its permissions, or choose another place",
  },
  EPERM: {
    reason: "you have no permission",
    hint: "change its permissions, or choose another place",
  },
  EISDIR: { reason: "it is a folder", hint: "name a file in it" },
  ENOTDIR: { reason: "a part of the path is a file, not a folder", hint: "check the path" },
  ENOSPC: { reason: "the disk is full", hint: "make room, or choose another disk" },
  EDQUOT: { reason: "your disk quota is used up", hint: "make room, or choose another disk" },
  EFBIG: {
    reason: "the file would be larger than the system allows",
    hint: "raise the limit (`ulimit -f`), or choose another disk",
  },
  EROFS: { reason: "the file system is read-only", hint: "choose another place" },
  ELOOP: { reason: "its links lead in a circle", hint: "remove one of the links" },
  ENAMETOOLONG: { reason: "the name is too long", hint: "choose a shorter name" },
  EMFILE: { reason: "too many files are open", hint: "close some programs, or raise the limit" },
  EBUSY: { reason: "another program is using it", hint: "close that program" },
  EEXIST: {
    reason: "a file of that name is in the way",
    hint: "remove it, or choose another name",
  },
  ENOENT: { reason: "the folder is not there", hint: "make the folder first" },
  ERR_INVALID_ARG_VALUE: { reason: "the name contains a null character", hint: "check the path" },
};

/**
 * A failure of the file system as a diagnostic.
 * @param file the path as the user wrote it
 * @param path the same, absolute
 * @throws the error itself where it is not the file system's
 */
export function fileProblem(
  error: unknown,
  action: "read" | "write",
  file: string,
  path: string,
): Diagnostic {
  const code = codeOf(error);
  if (code === undefined) throw error;
  if (action === "read" && code === "ENOENT") {
    const suggestion = neighbourLike(path);
    return diagnostic("artefact/missing-file", undefined, {
      file,
      folder: dirname(path),
      suggestion: suggestion === undefined ? undefined : join(dirname(file), suggestion),
    });
  }
  const { reason, hint } = wordingOf(code);
  const refused = action === "read" ? "artefact/unreadable" : "artefact/unwritable";
  return diagnostic(refused, undefined, { file, reason, hint });
}

/** Why the file system refused, in words. */
export function wordingOf(code: string): Wording {
  return WORDINGS[code] ?? { reason: `the system says ${code}` };
}

/** The file system's own code; nothing where the error is not the file system's. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const isOurs = typeof code === "string" && (/^E[A-Z0-9]+$/.test(code) || code in WORDINGS);
  return isOurs ? code : undefined;
}

/** The name of a file in the same folder that was probably meant. */
function neighbourLike(path: string): string | undefined {
  try {
    return suggest(basename(path), readdirSync(dirname(path)).toSorted());
  } catch {
    return undefined;
  }
}
