import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { diagnostic } from "../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../compiler/diagnostics/index.ts";
import { createFileOnce } from "./create-file-once.ts";
import { fileProblem } from "./file-problem.ts";
import { makeFolder } from "./make-folder.ts";
import { requireWritable } from "./require-writable.ts";
import { UserMistake } from "./user-mistake.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";
import { writeFolderAtomic } from "./write-folder-atomic.ts";

/** Larger texts are no specs. */
const LONGEST_TEXT = 16 * 1024 * 1024;
/** The most that one read of node:fs can return. */
const LONGEST_FILE = 2 ** 31 - 1;

/**
 * The files below or outside a folder, paths relative to it. Every failure of the file system is thrown as a {@link UserMistake} that
 * names the file as the user wrote it.
 */
export interface Files {
  /** UTF-8 text, without a byte order mark. */
  readonly readText: (file: string) => string;
  readonly readBytes: (file: string) => Uint8Array;
  /** Whole or not at all: written aside, then renamed. Makes the folders on the way. */
  readonly write: (file: string, content: string | Uint8Array) => void;
  /** A folder of files by name, whole or not at all; what it held before is gone. */
  readonly writeFolder: (folder: string, files: ReadonlyMap<string, Uint8Array>) => void;
  /** Makes a file that is not there yet. @returns whether it did */
  readonly createOnce: (file: string, content: string) => boolean;
  readonly ensureFolder: (folder: string) => void;
  /** Touches nothing. */
  readonly ensureWritable: (file: string) => void;
  readonly ensureThere: (path: string) => void;
  /** A file is itself; a folder is every file below it whose name ends so, in the order of their names. */
  readonly list: (path: string, ending: string) => readonly string[];
}

export function filesIn(folder: string): Files {
  const at = (file: string): string => resolve(folder, file);
  return {
    readText: (file) => toText(readBytes(file, at(file), LONGEST_TEXT), file),
    readBytes: (file) => readBytes(file, at(file), LONGEST_FILE),
    write: (file, content) =>
      attempt("write", file, at(file), () => writeFileAtomic(at(file), content)),
    writeFolder: (file, files) =>
      attempt("write", file, at(file), () => writeFolderAtomic(at(file), files)),
    createOnce: (file, content) =>
      attempt("write", file, at(file), () => createFileOnce(at(file), content)),
    ensureFolder: (file) => attempt("write", file, at(file), () => makeFolder(at(file))),
    ensureWritable: (file) => attempt("write", file, at(file), () => requireWritable(at(file))),
    ensureThere: (path) => attempt("read", path, at(path), () => void statSync(at(path))),
    list: (path, ending) => attempt("read", path, at(path), () => list(path, at(path), ending)),
  };
}

function attempt<T>(action: "read" | "write", file: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof UserMistake
      ? error
      : new UserMistake(fileProblem(error, action, file, path));
  }
}

/** Reads to the end, but never more than the limit: a device has no end. */
function readBytes(file: string, path: string, limit: number): Uint8Array {
  return attempt("read", file, path, () => {
    const handle = openSync(path, "r");
    try {
      const size = fstatSync(handle).size;
      if (size <= limit) {
        const bytes = readUpTo(handle, limit + 1, size + 1);
        if (bytes.length <= limit) return bytes;
      }
      throw new UserMistake(tooLarge(file, limit));
    } finally {
      closeSync(handle);
    }
  });
}

function readUpTo(handle: number, limit: number, guess: number): Uint8Array {
  let buffer = new Uint8Array(Math.min(limit, Math.max(guess, 65_536)));
  let length = 0;
  while (length < limit) {
    if (length === buffer.length) {
      const larger = new Uint8Array(Math.min(limit, buffer.length * 2));
      larger.set(buffer);
      buffer = larger;
    }
    const count = readSync(handle, buffer, length, buffer.length - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function toText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const hint = "save it as UTF-8, or name a `.repq` file";
    const reason = "it is not UTF-8 text";
    throw new UserMistake(diagnostic("artefact/unreadable", undefined, { file, reason, hint }));
  }
}

function tooLarge(file: string, limit: number): Diagnostic {
  const reason = `it is larger than ${Math.floor(limit / 1024 / 1024)} MiB`;
  return diagnostic("artefact/unreadable", undefined, { file, reason });
}

function list(path: string, absolute: string, ending: string): readonly string[] {
  if (!statSync(absolute).isDirectory()) return [path];
  const entries = readdirSync(absolute, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith(".") && name !== "node_modules")
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const below = join(path, entry.name);
    if (entry.isDirectory()) return list(below, join(absolute, entry.name), ending);
    return entry.name.endsWith(ending) ? [below] : [];
  });
}
