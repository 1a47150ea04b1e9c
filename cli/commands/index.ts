import type { Command } from "commander";
import type { Session } from "../session.ts";
import { checkCommand } from "./check.ts";
import { demoCommand } from "./demo.ts";
import { explainCommand } from "./explain.ts";
import { formatCommand } from "./format.ts";

/** Every command, in the order of the help. */
export const commands: readonly ((session: Session) => Command)[] = [
  demoCommand,
  checkCommand,
  formatCommand,
  explainCommand,
];
