import { fork } from "node:child_process";
import type { BackendName } from "../../runtime/backends/index.ts";
import type { EngineReport } from "./self-test.ts";

/** Lies beside the bundle; run from the sources, this takes what was last built. */
const bundledProgram = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/self-test.js" : "./self-test.js",
  import.meta.url,
);

const patience = 120_000;

export interface SelfTestOptions {
  readonly threads?: number | undefined;
  /** The process's program; the one of the bundle unless told. */
  readonly program?: URL;
}

/** Tests one engine in a process of its own. */
export function runSelfTest(
  name: BackendName,
  { threads, program = bundledProgram }: SelfTestOptions = {},
): Promise<EngineReport> {
  const args = [name, ...(threads === undefined ? [] : [String(threads)])];
  // Engines write remarks of their own, which are no part of the report.
  const child = fork(program, args, { execArgv: [], stdio: ["ignore", "ignore", "pipe", "ipc"] });
  return new Promise((resolve) => {
    let said = "";
    child.stderr?.on("data", (part: Buffer) => (said += part.toString()));
    const broken = (reason: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      resolve({ name, state: "broken", reason });
    };
    const timer = setTimeout(() => broken(`it did not answer in ${patience / 1000} s`), patience);
    child.on("message", (report: EngineReport) => {
      clearTimeout(timer);
      resolve(report);
    });
    child.on("error", (error) => broken(`its process could not be started: ${error.message}`));
    child.on("exit", (code, signal) =>
      broken(`it ended its process (${lastWords(code, signal, said)})`),
    );
  });
}

function lastWords(code: number | null, signal: string | null, said: string): string {
  const last = said.trim().split("\n").at(-1) ?? "";
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return last === "" ? how : `${how}: ${last}`;
}
