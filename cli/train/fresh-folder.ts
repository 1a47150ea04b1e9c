import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { filesIn } from "../files.ts";
import { UserMistake } from "../user-mistake.ts";
import { runFiles } from "./run-record.ts";

/** Checks that a run can be begun in a folder: it can be written, and holds nothing yet. @throws UserMistake */
export function requireFreshFolder(folder: string, out: string): void {
  filesIn(folder).ensureWritable(join(out, runFiles.record));
  const path = resolve(folder, out);
  const names = namesIn(path);
  const strangers = [
    ...names.filter((name) => name !== runFiles.checkpoints && !isLeftover(name, path)),
    ...namesIn(join(path, runFiles.checkpoints)).filter((name) => !isLeftover(name, path)),
  ];
  const [first] = strangers;
  if (first === undefined) return;
  const isRun = names.includes(runFiles.record);
  const what = isRun ? "it holds a run" : `it holds \`${first}\``;
  const run = isRun ? { run: out } : {};
  throw new UserMistake(diagnostic("config/run-exists", undefined, { folder: out, what, ...run }));
}

/** What a run leaves that was killed before it began: its first files, the record not among them. */
function isLeftover(name: string, folder: string): boolean {
  // The sample is written behind the program.
  const isBehind = name === runFiles.program || name === runFiles.sample;
  if (isBehind) return isOurProgram(join(folder, runFiles.program));
  // Whether its process has ended is for the lock to say.
  const names: readonly string[] = [runFiles.lock, basename(runFiles.start)];
  return names.includes(name) || name.endsWith(".partial");
}

/** Somebody else's file may have the name of ours. */
function isOurProgram(path: string): boolean {
  try {
    const { format } = JSON.parse(readFileSync(path, "utf8")) as { readonly format?: unknown };
    return format === "repqc-program";
  } catch {
    return false;
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
