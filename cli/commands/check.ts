import { Command, Option } from "commander";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { Diagnostic } from "../../compiler/diagnostics/index.ts";
import { rootOption } from "../entry-options.ts";
import { ENDING } from "../file-names.ts";
import { filesIn } from "../files.ts";
import { createHost, isLibraryName } from "../host.ts";
import { countInWords, exitCodeFor, report } from "../report.ts";
import type { ReportFormat } from "../report.ts";
import type { Session } from "../session.ts";
import { UserMistake } from "../user-mistake.ts";

export interface CheckOptions {
  readonly format: ReportFormat;
  /** Further folders that imports may reach. */
  readonly root?: readonly string[];
}

export function checkCommand(session: Session): Command {
  return new Command("check")
    .description("Say what is wrong with specs, without building anything.")
    .argument("<file...>", "specs, folders of specs, or repq:... for one of the standard library")
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"),
    )
    .addOption(rootOption())
    .action(async (files: string[], options: CheckOptions) =>
      session.end(await check(files, options, session)),
    );
}

/** Prints what is wrong with some files. @returns the exit code */
export async function check(
  paths: readonly string[],
  { format, root = [] }: CheckOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const found: Diagnostic[] = [];
  let count = 0;
  for (const path of paths) {
    await collect(found, async () => {
      const files = isLibraryName(path) ? [path] : filesIn(terminal.folder).list(path, ENDING);
      count += files.length;
      if (files.length === 0) return [diagnostic("config/no-specs", undefined, { folder: path })];
      for (const file of files) {
        await collect(found, () => checkFile(file, terminal.folder, root));
      }
      return [];
    });
  }
  terminal.write(report(found, format, terminal.style));
  if (format === "text") terminal.writeError(`${summary(found, count)}\n`);
  return exitCodeFor(found);
}

/** What the compiler says about one file and all that it imports. */
export async function checkFile(
  file: string,
  folder: string,
  roots: readonly string[],
): Promise<readonly Diagnostic[]> {
  const { host, entry } = createHost({ folder, entry: file, roots });
  const { compile } = await import("../../compiler/compile.ts");
  return compile({ file: entry }, host).diagnostics;
}

/** Adds what was found, or what kept us from looking. */
async function collect(
  found: Diagnostic[],
  work: () => Promise<readonly Diagnostic[]>,
): Promise<void> {
  try {
    found.push(...(await work()));
  } catch (error) {
    if (!(error instanceof UserMistake)) throw error;
    found.push(...error.diagnostics);
  }
}

function summary(found: readonly Diagnostic[], files: number): string {
  const where = `${files} file${files === 1 ? "" : "s"}`;
  return `checked ${where}: ${found.length === 0 ? "nothing to complain about" : countInWords(found)}`;
}
