import { Command, Option } from "commander";
import { join } from "node:path";
import { modelText } from "../../compiler/7-emit/index.ts";
import { costOf, printGraph } from "../../compiler/ir/index.ts";
import { compileEntry, type CompiledEntry } from "../compile-entry.ts";
import { costSummary, costTable } from "../cost-table.ts";
import { addEntryOptions, type EntryOptions } from "../entry-options.ts";
import { requireResults } from "../results/require-results.ts";
import type { Session } from "../session.ts";
import { writeTogether } from "../write-together.ts";

const printable = ["ir", "merge", "train", "deploy", "cost"] as const;

export interface CompileOptions extends EntryOptions {
  /** Folder that the files go to. */
  readonly out?: string;
  readonly print?: (typeof printable)[number];
}

export function compileCommand(session: Session): Command {
  const command = new Command("compile")
    .description(
      "Compile a model or block: its train-time graph, its merge and its deployed graph, as JSON and as a TypeScript module.",
    )
    .argument("<file>", "a spec, or repq:... for one of the standard library");
  return addEntryOptions(command)
    .option("-o, --out <folder>", "where NAME.json and NAME.ts go", ".")
    .addOption(
      new Option("--print <what>", "print this as text and write no files").choices(printable),
    )
    .action(async (file: string, options: CompileOptions) =>
      session.end(await compileFile(file, options, session)),
    );
}

/** Writes a program's files, or prints a part of it. @returns the exit code */
export async function compileFile(
  file: string,
  options: CompileOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { folder } = terminal;
  const compiled = compileEntry(file, options, terminal);
  if (options.print !== undefined) {
    terminal.write(textOf(compiled, options.print));
    return 0;
  }
  const name = join(options.out ?? ".", declarationOf(compiled.program.entry));
  const [json, typescript] = [`${name}.json`, `${name}.ts`];
  const sources = { "the spec": file, "--quant": options.quant };
  requireResults(folder, [json, typescript], sources, options.root);
  const { programTexts } = await import("../program-texts.ts");
  const texts = await programTexts(compiled.program, commandOf(compiled, file, options));
  writeTogether(
    folder,
    new Map([
      [json, texts.json],
      [typescript, texts.typescript],
    ]),
  );
  terminal.write(`wrote ${json}: the program, for repqc\n`);
  terminal.write(`wrote ${typescript}: the same as a module for @tensorflow/tfjs\n`);
  terminal.write(`\n${costSummary(costOf(compiled.model))}`);
  return 0;
}

function textOf({ program, model }: CompiledEntry, what: (typeof printable)[number]): string {
  if (what === "cost") return costTable(program.entry, costOf(model));
  return what === "ir" ? modelText(model) : printGraph(program[what]);
}

/** `RepVGG` of `RepVGG(16, stride: 2)`. */
function declarationOf(entry: string): string {
  return /^\w+/.exec(entry)?.[0] ?? "program";
}

/** The call that makes the same files, for the module's header. */
function commandOf({ program }: CompiledEntry, file: string, options: CompileOptions): string {
  const { quant, inputShape, form } = options;
  const given = { entry: program.entry, quant, "input-shape": inputShape, form };
  const shown = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${/^[\w.,/-]+$/.test(value) ? value : `"${value}"`}`],
  );
  return `repqc compile ${file}${shown.join("")}`;
}
