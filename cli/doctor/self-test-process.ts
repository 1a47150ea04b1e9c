/** A process that tests one engine and sends what became of it: a native library that crashes takes only this one with it. */
import type { BackendName } from "../../runtime/backends/index.ts";
import { testEngine, type EngineReport } from "./self-test.ts";

const [name, threads] = process.argv.slice(2) as [BackendName, string?];

async function report(): Promise<EngineReport> {
  try {
    return await testEngine(name, threads === undefined ? undefined : Number(threads));
  } catch (error) {
    const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    return { name, state: "broken", reason: `it failed while it computed: ${reason}` };
  }
}

// Engines keep threads and timers of their own.
process.send?.(await report(), () => process.exit(0));
