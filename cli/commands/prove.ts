import { Command, InvalidArgumentError, Option } from "commander";
import { isSeed } from "../../compiler/prove/random-elements.ts";
import { addBackendOptions, type BackendChoice } from "../backend-options.ts";
import { compileEntry, type CompiledEntry } from "../compile-entry.ts";
import { entryOption, inputShapeOption, rootOption, type EntryOptions } from "../entry-options.ts";
import type { Proved } from "../prove/proved.ts";
import type { ReportFormat } from "../report.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";

export interface ProveOptions
  extends Pick<EntryOptions, "entry" | "inputShape" | "root">, BackendChoice {
  readonly weights?: string;
  readonly format: ReportFormat;
  readonly seed?: string;
}

const details = `
Every block is run branch by branch and as its merged convolution, on random elements of a
prime field, at every kind of position: inside and at each border. Different polynomials of
degree d agree by chance in at most d / p of all cases; trials go on until the chance is
below 2^-60. Factors and offsets of normalizations are free variables of their own.

With --weights the merge of these numbers is also made exactly and compared with the float32
merge. Columns: "error" is the largest distance in units in the last place of the float32
number nearest to the exact one, "worst" says of which number; where terms cancel that is
large, so "of terms" measures in units of the terms' magnitudes added up.

Ends with 1 where a block is not proved.`;

export function proveCommand(session: Session): Command {
  const command = new Command("prove")
    .description("Prove that the branches of every block and its one convolution are the same.")
    .argument("<file>", "a spec, or repq:... for one of the standard library")
    .addOption(entryOption())
    .addOption(inputShapeOption())
    .option("--weights <file>", "compare the float32 merge of these weights with the exact one")
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "json"]).default("text"),
    )
    .option("--seed <digits>", "repeat a proof: its 32 hexadecimal digits", readSeed)
    .addOption(rootOption());
  return addBackendOptions(command)
    .addHelpText("after", details)
    .action(async (file: string, options: ProveOptions) =>
      session.end(await prove(file, options, session)),
    );
}

/** Proves what the command line names and prints the certificate. @returns the exit code */
export async function prove(
  file: string,
  options: ProveOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const compiled = compileEntry(file, options, terminal);
  const { freshSeed, proveModel } = await import("../../compiler/prove/index.ts");
  const { program, model } = compiled;
  const result = proveModel(model.model, program, options.seed ?? freshSeed());
  const errors = await errorsOf(compiled, options, terminal);
  const proved: Proved = { entry: program.entry, result, ...(errors && { errors }) };
  terminal.write(await textOf(proved, options.format));
  if (result.isProved) return 0;
  const wrong = result.certificates.filter(({ proof }) => proof.refutation).length;
  terminal.writeError(`${wrong} of ${result.certificates.length} blocks are not proved\n`);
  return 1;
}

async function errorsOf(
  compiled: CompiledEntry,
  { weights, ...backend }: ProveOptions,
  { folder, writeError: note }: Terminal,
): Promise<Proved["errors"]> {
  if (weights === undefined) return undefined;
  const { withRuntimeMistakes } = await import("../runtime-mistake.ts");
  return withRuntimeMistakes(async () => {
    const { compareMerge } = await import("../prove/compare-merge.ts");
    return compareMerge(compiled, { ...backend, folder, weights, note });
  });
}

async function textOf(proved: Proved, format: ReportFormat): Promise<string> {
  if (format === "json") return (await import("../prove/prove-json.ts")).proveJson(proved);
  return (await import("../prove/prove-text.ts")).proveText(proved);
}

function readSeed(text: string): string {
  if (isSeed(text)) return text;
  throw new InvalidArgumentError("It must be 32 hexadecimal digits, as a certificate prints them.");
}
