import { diagnostic } from "../compiler/diagnostics/index.ts";
import { codeOf, wordingOf } from "./file-problem.ts";
import { report } from "./report.ts";
import { styleFor } from "./terminal.ts";

/** What has become of the standard streams. */
export interface Outputs {
  /** What to end with, for a command that ends with `code`. */
  readonly exitCode: (code: number) => number;
}

/**
 * Minds the standard streams of this process. `repqc explain | head` closes our output early, which is no failure of anyone
 * and ends the process. Results that a full disk keeps from standard output are a failure, told on the other stream; the
 * command goes on, for it may be a training that writes all else to another disk. What cannot be written to standard error
 * nobody can be told.
 */
export function watchOutputs(): Outputs {
  let isLost = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    endWhereNobodyReads(error);
    if (!isLost) process.stderr.write(report([lostOutput(error)], "text", styleFor(false)));
    isLost = true;
    process.exitCode = 1;
  });
  process.stderr.on("error", endWhereNobodyReads);
  return { exitCode: (code) => (isLost ? Math.max(code, 1) : code) };
}

function endWhereNobodyReads({ code }: NodeJS.ErrnoException): void {
  if (code === "EPIPE") process.exit();
}

function lostOutput(error: NodeJS.ErrnoException) {
  const { reason, hint } = wordingOf(codeOf(error) ?? error.message);
  return diagnostic("artefact/unwritable", undefined, { file: "standard output", reason, hint });
}
