import type { Command } from "commander";
import type { Session } from "../session.ts";
import { checkCommand } from "./check.ts";
import { compileCommand } from "./compile.ts";
import { demoCommand } from "./demo.ts";
import { explainCommand } from "./explain.ts";
import { formatCommand } from "./format.ts";
import { runCommand } from "./run.ts";
import { weightsCommand } from "./weights.ts";

/** Every command, in the order of the help. */
export const commands: readonly ((session: Session) => Command)[] = [
  demoCommand,
  compileCommand,
  runCommand,
  weightsCommand,
  checkCommand,
  formatCommand,
  explainCommand,
];
