import { Command } from "commander";
import { drawModel } from "../../compiler/draw/index.ts";
import { compileEntry } from "../compile-entry.ts";
import { addEntryOptions, type EntryOptions } from "../entry-options.ts";
import { filesIn } from "../files.ts";
import { requireResults } from "../results/require-results.ts";
import type { Session } from "../session.ts";

export interface GraphOptions extends EntryOptions {
  /** Where the picture goes; `-` is standard output. */
  readonly out: string;
}

export function graphCommand(session: Session): Command {
  const command = new Command("graph")
    .description(
      "Draw a model or block: its branches, the convolution that they become, its quantizers, side by side.",
    )
    .argument("<file>", "a spec, or repq:... for one of the standard library");
  return addEntryOptions(command)
    .requiredOption("-o, --out <file>", "the SVG to write, or - for standard output")
    .action((file: string, options: GraphOptions) => session.end(graph(file, options, session)));
}

/** Writes the picture of what the command line names. @returns the exit code */
export function graph(
  file: string,
  options: GraphOptions,
  { terminal }: Pick<Session, "terminal">,
): number {
  const isFile = options.out !== "-";
  if (isFile) {
    const sources = { "the spec": file, "--quant": options.quant };
    requireResults(terminal.folder, [options.out], sources, options.root);
  }
  const { model } = compileEntry(file, options, terminal);
  const svg = drawModel(model, options.form === "merged");
  if (!isFile) {
    terminal.write(svg);
    return 0;
  }
  filesIn(terminal.folder).write(options.out, svg);
  terminal.write(`wrote ${options.out}\n`);
  return 0;
}
