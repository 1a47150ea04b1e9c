import type { Command } from "commander";
import type { Session } from "../session.ts";

/** Loads what makes a command: its code is read only where it runs, or where its help is listed. */
export type CommandLoader = () => Promise<(session: Session) => Command>;

/** Every command by its name, in the order of the help. */
export const commands: Readonly<Record<string, CommandLoader>> = {
  demo: async () => (await import("./demo.ts")).demoCommand,
  compile: async () => (await import("./compile.ts")).compileCommand,
  graph: async () => (await import("./graph.ts")).graphCommand,
  prove: async () => (await import("./prove.ts")).proveCommand,
  train: async () => (await import("./train.ts")).trainCommand,
  evaluate: async () => (await import("./evaluate.ts")).evaluateCommand,
  export: async () => (await import("./export.ts")).exportCommand,
  verify: async () => (await import("./verify.ts")).verifyCommand,
  report: async () => (await import("./report.ts")).reportCommand,
  run: async () => (await import("./run.ts")).runCommand,
  weights: async () => (await import("./weights.ts")).weightsCommand,
  import: async () => (await import("./import.ts")).importCommand,
  check: async () => (await import("./check.ts")).checkCommand,
  fmt: async () => (await import("./format.ts")).formatCommand,
  explain: async () => (await import("./explain.ts")).explainCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
  "explain-merge": async () => (await import("./explain-merge.ts")).explainMergeCommand,
};
