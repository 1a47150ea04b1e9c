import { SetupFailure } from "./failure.mjs";
import { lastLines, runCommand } from "./run-command.mjs";

/**
 * A Python whose pip can be asked.
 * @param {string | undefined} wanted the program that the user named
 * @returns {Promise<string>} the program
 */
export async function findPython(wanted) {
  const named = wanted ?? process.env.PYTHON;
  const programs = named ? [named] : ["python3", "python"];
  for (const program of programs) {
    const { isMissing, code } = await runCommand(program, ["--version"]);
    if (isMissing || code !== 0) continue;
    await requirePip(program);
    return program;
  }
  throw new SetupFailure(
    named ? `There is no Python at ${named}` : "There is no Python here",
    "Install Python 3 with pip (Debian, Ubuntu: apt-get install python3 python3-pip), or name one with --python.",
    "Or get a libtensorflow yourself and name its folder with --from.",
  );
}

async function requirePip(python) {
  const { code } = await runCommand(python, ["-m", "pip", "--version"]);
  if (code === 0) return;
  throw new SetupFailure(
    `${python} has no pip`,
    `Install it (Debian, Ubuntu: apt-get install python3-pip; or ${python} -m ensurepip), or name another Python with --python.`,
  );
}

/** Runs pip. @throws SetupFailure with pip's last words */
export async function runPip(python, args, what) {
  const quiet = ["--quiet", "--disable-pip-version-check", "--retries", "2", "--timeout", "30"];
  const { code, output } = await runCommand(python, ["-m", "pip", ...args, ...quiet]);
  if (code === 0) return;
  const isOffline =
    /NewConnectionError|Name or service not known|ConnectTimeout|ProxyError|Temporary failure/;
  const isFull = /No space left/;
  throw new SetupFailure(
    `pip could not get ${what}`,
    "What pip said last:",
    ...lastLines(output),
    isFull.test(output)
      ? "The disk is full: free some space and run this again."
      : isOffline.test(output)
        ? "pip reaches no package index: give it a network, a mirror (PIP_INDEX_URL) or a folder of wheels (PIP_FIND_LINKS)."
        : "Run this again: what was downloaded is kept. Or get a libtensorflow yourself and name its folder with --from.",
  );
}
