import { MissingFile, UnreadableFile, type FileProblem } from "../runtime/files.ts";
import { wordingOf } from "./file-problem.ts";

/** Why a file could not be read, by the system's code. */
export function readingProblem(file: string, code: string): FileProblem {
  if (code === "ENOENT") return new MissingFile(file, "is not there", "Check the path.");
  const { reason, hint = "try again" } = wordingOf(code);
  const help = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}.`;
  return new UnreadableFile(file, `cannot be read: ${reason}`, help);
}
