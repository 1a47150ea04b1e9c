import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { parseMessage, type Message } from "./messages.ts";

/** One engine in a process of its own. */
export interface Contender {
  readonly name: string;
  /** Present where it runs. */
  readonly engine?: string;
  readonly isSoftwareGpu?: boolean;
  /** Of a step: less than the batch where that would take too long. */
  readonly images?: number;
  /** Why it does not run; absent where it does. */
  readonly reason?: string;
  /** Milliseconds by workload; undefined once it has failed. */
  readonly round: () => Promise<Readonly<Record<string, number>> | undefined>;
  readonly end: () => void;
}

export async function startContender(
  name: string,
  command: string,
  args: readonly string[],
): Promise<Contender> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (part: Buffer) => (said = (said + part.toString()).slice(-2000)));
  // It may have ended already when it is asked.
  child.stdin.on("error", () => undefined);
  const failed = new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("exit", (code, signal) => resolve(lastWords(code, signal, said)));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<Message | undefined> => {
    for (let line = await lines.next(); !line.done; line = await lines.next()) {
      const message = parseMessage(line.value);
      if (message !== undefined) return message;
    }
    return undefined;
  };
  const first = await next();
  const round = async () => {
    child.stdin.write("round\n");
    const message = await next();
    return message?.kind === "round" ? message.times : undefined;
  };
  const end = () => child.stdin.end();
  if (first?.kind === "ready") {
    const { kind: _, ...about } = first;
    return { name, ...about, round, end };
  }
  const reason = first?.kind === "absent" ? first.reason : await failed;
  return { name, reason, round: async () => undefined, end };
}

function lastWords(code: number | null, signal: string | null, said: string): string {
  const last = said.trim().split("\n").at(-1) ?? "";
  return last === "" ? `it ended with ${signal ?? `exit code ${code}`}` : last;
}
