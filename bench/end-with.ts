import { BackendUnavailable } from "../runtime/backends/index.ts";
import { FileProblem } from "../runtime/files.ts";
import { WrongOption } from "./results/options.ts";

/** Ends the process as `main` says. What its author or the machine's owner can mend is said in words; the rest is our bug and keeps its stack. */
export async function endWith(main: () => Promise<number>): Promise<never> {
  try {
    process.exit(await main());
  } catch (error) {
    if (!isMendable(error)) throw error;
    console.error(`error: ${error.message}`);
    process.exit(error instanceof WrongOption ? 2 : 1);
  }
}

function isMendable(error: unknown): error is Error {
  const kinds = [WrongOption, FileProblem, BackendUnavailable];
  return kinds.some((kind) => error instanceof kind);
}
