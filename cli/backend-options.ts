import { Option, type Command } from "commander";
import { backendNames } from "../runtime/backends/backend-names.ts";
import type { BackendName } from "../runtime/backends/index.ts";
import type { Terminal } from "./terminal.ts";
import { wholeNumber } from "./whole-number.ts";

/** What to compute on, as every command that computes takes it. */
export interface BackendChoice {
  readonly backend: BackendName;
  readonly threads?: number;
}

export function addBackendOptions(command: Command): Command {
  const backend = new Option("--backend <name>", "what computes").choices(backendNames);
  return command
    .addOption(backend.default("wasm"))
    .option("--threads <n>", "threads of the wasm backend", wholeNumber(1, 64));
}

/** Tells where `--threads` has no effect. */
export function noteUnusedThreads({ backend, threads }: BackendChoice, terminal: Terminal): void {
  if (threads === undefined || backend === "wasm") return;
  terminal.writeError(`note: --threads has no effect on the ${backend} backend, only on wasm\n`);
}
