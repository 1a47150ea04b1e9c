import type { Terminal } from "./terminal.ts";

/** One call of the program. */
export interface Session {
  readonly terminal: Terminal;
  /** Says with which exit code the program ends: 0 all well, 1 the user's mistake, 2 wrong usage. */
  readonly end: (exitCode: number) => void;
}
