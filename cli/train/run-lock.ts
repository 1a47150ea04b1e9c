import { readFileSync, renameSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import { filesIn } from "../files.ts";
import type { Terminal } from "../terminal.ts";
import { UserMistake } from "../user-mistake.ts";
import { asideOf } from "../write-file-atomic.ts";
import { isRunning, startOf } from "./process-start.ts";
import { runFiles } from "./run-record.ts";

/** Who trains a run, as its lock says. */
interface Holder {
  readonly process: number;
  readonly host: string;
  readonly start: string | null;
}

/**
 * Makes this process the only one that trains a run. What a killed process left is taken over, with a note.
 * @param out the run's folder
 * @returns what gives the run free; the end of the process does so too
 * @throws UserMistake where another process trains the run, or nothing can be written there
 */
export function lockRun(out: string, { folder, writeError }: Terminal): () => void {
  const files = filesIn(folder);
  const file = join(out, runFiles.lock);
  const path = resolve(folder, file);
  const text = `${JSON.stringify(ourselves())}\n`;
  files.ensureFolder(out);
  while (!files.createOnce(file, text)) {
    const found = readIfThere(path);
    if (found === undefined) continue; // Given free just now.
    const holder = holderOf(found);
    if (!holder || isHeldBy(holder)) throw lockedBy(holder, out, file);
    if (!takeAway(path, found)) continue;
    writeError(`note: ${nameOf(holder)}, which trained \`${out}\` before, has ended\n`);
  }
  const release = (): void => {
    process.off("exit", release);
    if (readIfThere(path) === text) rmSync(path, { force: true });
  };
  process.once("exit", release);
  return release;
}

function ourselves(): Holder {
  const { pid } = process;
  return { process: pid, host: hostname(), start: startOf(pid) ?? null };
}

/** Nothing where the text is none of ours. */
function holderOf(text: string): Holder | undefined {
  try {
    const { process: number, host, start } = JSON.parse(text) as Partial<Holder>;
    const isWhole = Number.isInteger(number) && Number(number) > 0 && typeof host === "string";
    return isWhole ? { process: number!, host, start: start ?? null } : undefined;
  } catch {
    return undefined;
  }
}

/** Of another machine's processes nothing is known, so they count as running. */
function isHeldBy({ process: number, host, start }: Holder): boolean {
  if (host !== hostname()) return true;
  if (!isRunning(number)) return false;
  const found = startOf(number);
  return start === null || found === undefined || found === start;
}

/** Of several processes that take the same lock away, one succeeds: a file can be renamed once. */
function takeAway(path: string, expected: string): boolean {
  const aside = asideOf(path);
  try {
    renameSync(path, aside);
  } catch {
    return false;
  }
  if (readIfThere(aside) === expected) {
    rmSync(aside, { force: true });
    return true;
  }
  // Another process was faster, and this is its lock.
  renameSync(aside, path);
  return false;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function lockedBy(holder: Holder | undefined, folder: string, lock: string): UserMistake {
  const isElsewhere = holder === undefined || holder.host !== hostname();
  const help = isElsewhere
    ? `wait until it has ended; where it is gone for certain, remove \`${lock}\``
    : "wait until it has ended, or end it: it saves a checkpoint at Ctrl-C";
  const who = holder === undefined ? "somebody whose lock cannot be read" : nameOf(holder);
  return new UserMistake(diagnostic("config/run-locked", undefined, { folder, who }, { help }));
}

function nameOf({ process: number, host }: Holder): string {
  return `process ${number} on ${host}`;
}
