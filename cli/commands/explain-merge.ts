import { Command, Option } from "commander";
import { explainMerge, type FormulaFormat } from "../../compiler/7-emit/index.ts";
import { compileEntry } from "../compile-entry.ts";
import { entryOption, rootOption, type EntryOptions } from "../entry-options.ts";
import type { Session } from "../session.ts";

export interface ExplainMergeOptions extends Pick<EntryOptions, "entry" | "inputShape" | "root"> {
  readonly format: FormulaFormat;
}

export function explainMergeCommand(session: Session): Command {
  return new Command("explain-merge")
    .description(
      "Print what a block merges to, or every block of a model: its kernel and bias as formulas of its weights.",
    )
    .argument("<file>", "a spec, or repq:... for one of the standard library")
    .addOption(entryOption())
    .option(
      "--input-shape <h,w,c>",
      "height, width and channels of the input; without it a block has as many inputs as outputs",
    )
    .addOption(
      new Option("--format <format>", "how to print").choices(["text", "latex"]).default("text"),
    )
    .addOption(rootOption())
    .action((file: string, options: ExplainMergeOptions) =>
      session.end(explainMergeOf(file, options, session)),
    );
}

/** Prints the formulas of an entry. @returns the exit code */
export function explainMergeOf(
  file: string,
  options: ExplainMergeOptions,
  { terminal }: Pick<Session, "terminal">,
): number {
  const { model } = compileEntry(file, options, terminal, [SIDE, SIDE, outputsIn(options.entry)]);
  terminal.write(explainMerge(model.model, options.format));
  return 0;
}

/** What formulas do not depend on, as long as it is large enough. */
const SIDE = 224;
const CHANNELS = 16;

/** The outputs that a block is called with: its first argument. By its name alone it has as many as inputs. */
function outputsIn(entry = ""): number {
  const [, outputs] = /^\s*\w+\s*\(\s*(?:out\s*:\s*)?(\d+)\s*[,)]/.exec(entry) ?? [];
  return outputs === undefined ? CHANNELS : Number(outputs);
}
