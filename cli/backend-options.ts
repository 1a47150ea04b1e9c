import { Option, type Command } from "commander";
import { backendChoices } from "../runtime/backends/backend-names.ts";
import type { Backend, BackendChoiceName } from "../runtime/backends/index.ts";
import { wholeNumber } from "./whole-number.ts";

/** What to compute on, as every command that computes takes it. */
export interface BackendChoice {
  readonly backend: BackendChoiceName;
  readonly threads?: number;
}

/** The environment variable that stands for `--backend` where that is not given. */
export const backendVariable = "REPQC_BACKEND";

/**
 * @param usual where nothing is said: `auto` for what takes minutes; `wasm` for a single pass, because it starts at once, without a native
 *   library that could fail, and gives the same numbers on every machine
 */
export function addBackendOptions(command: Command, usual: "auto" | "wasm" = "wasm"): Command {
  return command
    .addOption(backendOption().default(usual))
    .option(
      "--threads <n>",
      "threads of the backend, where it lets one choose",
      wholeNumber(1, 64),
    );
}

export function backendOption(): Option {
  const option = new Option("--backend <name>", "what computes").choices(backendChoices);
  const choose = option.parseArg;
  // An empty variable is none.
  option.argParser((value, previous) => (value === "" ? previous : choose?.(value, previous)));
  return option.env(backendVariable);
}

/** Starts what was chosen, and says which it is, and where `--threads` has no effect. @throws BackendUnavailable */
export async function openChosenBackend(
  { backend: name, threads }: BackendChoice,
  note: (text: string) => void,
  usualThreads?: number,
): Promise<Backend> {
  const { openBackend } = await import("../runtime/backends/index.ts");
  const wanted = threads ?? usualThreads;
  const backend = await openBackend(name, wanted === undefined ? {} : { threads: wanted });
  note(`${describeBackend(backend)}\n`);
  if (threads !== undefined && backend.threads !== threads) note(unusedThreads(backend));
  return backend;
}

/** One line: the engine, and why it was taken. */
export function describeBackend(backend: Backend): string {
  const { choice } = backend;
  return choice === undefined ? backend.describe() : `${backend.describe()} (${choice})`;
}

function unusedThreads({ name, threads }: Backend): string {
  const own = threads === 1 ? "1 thread" : `${threads} threads`;
  return `note: --threads has no effect on the ${name} backend, which runs on ${own}\n`;
}
