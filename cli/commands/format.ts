import { Command } from "commander";
import { syntaxDiagnostics } from "../../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import { filesIn } from "../files.ts";
import { exitCodeFor, report } from "../report.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { UserMistake } from "../user-mistake.ts";

export interface FormatOptions {
  /** Change nothing, but end with 1 where something would change. */
  readonly check?: boolean;
  /** Format standard input onto standard output. */
  readonly stdin?: boolean;
}

export function formatCommand(session: Session): Command {
  return new Command("fmt")
    .description("Bring specs into the one canonical form.")
    .argument("[file...]", "specs, or folders of specs")
    .option("--check", "change nothing; end with 1 where something would change")
    .option("--stdin", "format standard input onto standard output")
    .action(async (files: string[], options: FormatOptions, command: Command) => {
      if (options.stdin === true && files.length > 0) {
        command.error("error: --stdin takes no files");
      } else if (options.stdin !== true && files.length === 0) {
        command.error("error: name a file or a folder, or use --stdin");
      }
      session.end(await format(files, options, session));
    });
}

/** Formats files in place, or standard input. @returns the exit code */
export async function format(
  paths: readonly string[],
  { check = false, stdin = false }: FormatOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  if (stdin) return formatInput(terminal, check);
  const files = filesIn(terminal.folder);
  const found: Diagnostic[] = [];
  let changed = 0;
  for (const file of paths.flatMap((path) => files.list(path, ".repq"))) {
    const text = files.readText(file);
    const formatted = await formatText(file, text);
    if (formatted instanceof UserMistake) found.push(...formatted.diagnostics);
    else if (formatted !== text) {
      changed += 1;
      if (!check) files.write(file, formatted);
      terminal.write(`${check ? "not formatted" : "formatted"}: ${file}\n`);
    }
  }
  terminal.writeError(report(found, "text", terminal.errorStyle));
  return check && changed > 0 ? 1 : exitCodeFor(found);
}

async function formatInput(terminal: Terminal, isCheck: boolean): Promise<number> {
  const text = await terminal.readInput();
  const formatted = await formatText("(standard input)", text);
  if (formatted instanceof UserMistake) throw formatted;
  if (isCheck) return formatted === text ? 0 : 1;
  terminal.write(formatted);
  return 0;
}

/** The canonical form, or what keeps the text from having one. */
async function formatText(path: string, text: string): Promise<string | UserMistake> {
  const grammar = await import("../../grammar/index.ts");
  const { problems } = grammar.parse({ path, text });
  if (problems.length > 0) return new UserMistake(...syntaxDiagnostics(problems));
  // Loads prettier, which only this command needs.
  const { format: toCanonical } = await import("../../grammar/format.ts");
  return toCanonical(text);
}
