import { Command, CommanderError } from "commander";
import { commands, type CommandLoader } from "./commands/index.ts";
import { crashReport } from "./crash-report.ts";
import { packageVersion } from "./package-root.ts";
import { report } from "./report.ts";
import type { Session } from "./session.ts";
import { processTerminal } from "./terminal.ts";
import { watchOutputs } from "./watch-outputs.ts";
import type { Terminal } from "./terminal.ts";
import { UserMistake } from "./user-mistake.ts";

const WRONG_USAGE = 2;

/** Runs one call of the program. @returns 0 all well, 1 the user's mistake (or our bug), 2 wrong usage */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0;
  try {
    const program = await createProgram(args, { terminal, end: (code) => void (exitCode = code) });
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    if (error instanceof UserMistake) {
      terminal.writeError(report(error.diagnostics, "text", terminal.errorStyle));
    } else terminal.writeError(crashReport(error, args));
    return 1;
  }
}

/** The program of this process: its arguments, its streams, its exit code. */
export async function start(): Promise<void> {
  const args = process.argv.slice(2);
  const outputs = watchOutputs();
  process.on("uncaughtException", (error) => {
    process.stderr.write(crashReport(error, args));
    process.exit(1);
  });
  process.exitCode = outputs.exitCode(await main(args, processTerminal()));
}

async function createProgram(args: readonly string[], session: Session): Promise<Command> {
  const { terminal } = session;
  const program = new Command("repqc")
    .description("Compile blocks of branches into one convolution, and train them quantized.")
    .version(packageVersion(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(false)
    .addHelpText("after", "\n`repqc COMMAND --help` says more about a command.");
  for (const load of loadersFor(args[0])) program.addCommand((await load())(session));
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError("(see --help)")
      .helpOption("-h, --help", "print this help");
    command.configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError });
  }
  return program;
}

/** Only the command that is called; all of them where none is, since then it is a matter of help. */
function loadersFor(name = ""): readonly CommandLoader[] {
  const called = Object.hasOwn(commands, name) ? commands[name] : undefined;
  return called === undefined ? Object.values(commands) : [called];
}
