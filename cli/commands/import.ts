import { Command } from "commander";
import type { HostWeights } from "../../runtime/weights.ts";
import type { Program } from "../../compiler/ir/index.ts";
import type { ImageDecoder } from "../../runtime/data/index.ts";
import type { EqualizedSeam } from "../../runtime/equalize/index.ts";
import type { Imported, ImportRequest } from "../../runtime/import/index.ts";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { compileEntry } from "../compile-entry.ts";
import { addEntryOptions, type EntryOptions } from "../entry-options.ts";
import { filesIn } from "../files.ts";
import { optionNeeds } from "../option-needs.ts";
import { requireResults, type Sources } from "../results/require-results.ts";
import type { Session } from "../session.ts";
import { namesFile } from "../import/names-files.ts";
import { wholeNumber } from "../whole-number.ts";

export interface ImportOptions extends EntryOptions, BackendChoice {
  readonly from: string;
  readonly names?: string;
  readonly unmerge?: boolean;
  readonly equalize?: string;
  readonly peak?: number;
  readonly seed: number;
  readonly out: string;
}

const description =
  "Make weights of a model or block from somebody's checkpoint: PyTorch's .pth or .pt, or safetensors with PyTorch's names and layout. No Python is needed, and nothing in the file is run.";

const details = `
A table of names says which weight each tensor is. It is the file beside the spec,
NET.names.json for NET.repq, or what --names says (repq:models/repvgg is one of the
standard library). Every tensor and every weight must be accounted for.

--unmerge puts merged weights into a block with branches: its other branches begin as in
a new training, and one takes what they leave, so that the function is unchanged. Running
statistics begin as in a new training, too: only data could tell better ones, so that the
first training steps of blocks with BN see other statistics than \`eval\` does.

--equalize scales the channels between convolutions before that, and what reads them by the
reciprocals: the function is unchanged, but for rounding, and one step for all channels of a
tensor costs less. Ranges are measured on up to 256 images of the folder, as \`repqc train --data\`
takes it. Channels that anything but convolutions reads in the end (a sum, depth_to_space, the
output) stay as they are.`;

export function importCommand(session: Session): Command {
  const command = new Command("import")
    .description(description)
    .argument("<file>", "a spec, or repq:... for one of the standard library");
  return addBackendOptions(addEntryOptions(command))
    .requiredOption("--from <checkpoint>", "the checkpoint: .pth, .pt or .safetensors")
    .option("--names <table>", "what the checkpoint calls the weights")
    .option("--unmerge", "put merged weights into the branches")
    .option(
      "--equalize <folder>",
      "scale the channels of merged weights alike, as measured on images",
    )
    .option(
      "--peak <n>",
      "with --equalize, for super-resolution: images are numbers from 0 to this (255)",
      wholeNumber(1, 255),
    )
    .option(
      "--seed <number>",
      "for the branches that begin anew, and the choice of images",
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
      0,
    )
    .requiredOption("-o, --out <file>", "where the weights go, as safetensors")
    .addHelpText("after", details)
    .action(async (file: string, options: ImportOptions) =>
      session.end(await importCheckpoint(file, options, session)),
    );
}

/** Writes the weights of a checkpoint as those of a model or block. @returns the exit code */
export async function importCheckpoint(
  file: string,
  options: ImportOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { from, names, out } = options;
  const { folder } = terminal;
  requireResults(folder, [out], sourcesOf(file, options), options.root);
  if (options.peak !== undefined && options.equalize === undefined)
    throw optionNeeds("`--peak`", "`--equalize FOLDER`", "name the images that it is about");
  const { program, model } = compileEntry(file, options, terminal);
  const { withImages } = await import("../with-images.ts");
  return withImages(folder, async (decoder) => {
    const { importWeights, readCheckpoint } = await import("../../runtime/import/index.ts");
    const { importMistake } = await import("../import/import-mistake.ts");
    const { namesFor } = await import("../import/names-files.ts");
    const tables = namesFor(folder, file, names);
    const checkpoint = await readCheckpoint(filesIn(folder).readBytes(from), from);
    const source = { checkpoint, file: from, tables };
    const unmerge = options.unmerge === true ? { unmerge: { seed: options.seed } } : {};
    const equalize = await calibration(program, options, terminal, decoder);
    const request = { ...source, program, model: model.model, ...unmerge, ...equalize };
    const imported = await importWeights(request).catch((error: unknown) => {
      throw importMistake(error, program.entry) ?? error;
    });
    const { writeSafetensors } = await import("../../runtime/safetensors.ts");
    filesIn(folder).write(out, writeSafetensors(imported.weights));
    const part = checkpoint.part === undefined ? "" : ` (its \`${checkpoint.part}\`)`;
    terminal.write(`wrote ${out}: ${summary(imported, `${from}${part}`)}\n`);
    if (imported.equalized) terminal.write(`${equalizedText(imported.equalized)}\n`);
    if (imported.unmerged.length > 0) terminal.write(`${unmergedText(imported, options.seed)}\n`);
    return 0;
  });
}

function sourcesOf(file: string, { from, names, equalize, quant }: ImportOptions): Sources {
  const table = namesFile(file, names);
  return {
    "the spec": file,
    "--from": from,
    [names === undefined ? "the table of names" : "--names"]: table,
    "--equalize": equalize,
    "--quant": quant,
  };
}

/** Opens images and an engine where ranges are to be measured. */
async function calibration(
  program: Program,
  { equalize, peak, seed, ...choice }: ImportOptions,
  { folder, writeError }: Session["terminal"],
  decoder: ImageDecoder,
): Promise<Pick<ImportRequest, "equalize">> {
  if (equalize === undefined) return {};
  const { openCalibration } = await import("../import/open-calibration.ts");
  const wanted = { equalize, seed, ...(peak !== undefined && { peak }) };
  const batches = await openCalibration(program, wanted, folder, decoder);
  await openChosenBackend(choice, writeError);
  return { equalize: batches };
}

function equalizedText(seams: readonly EqualizedSeam[]): string {
  if (seams.length === 0)
    return "equalized nothing: behind each convolution something else reads, too";
  const places = seams.length === 1 ? "1 convolution" : `${seams.length} convolutions`;
  const least = Math.min(...seams.map(({ scales }) => scales.least));
  const most = Math.max(...seams.map(({ scales }) => scales.most));
  return `equalized the channels behind ${places}: divided by ${least.toPrecision(2)} to ${most.toPrecision(2)}`;
}

function summary({ weights, taken, of, constants }: Imported, from: string): string {
  const names = of === "" ? "" : `, names of ${of}`;
  const left =
    constants.length === 0 ? "" : `; left out as constants or counters: ${constants.length}`;
  return `${weights.size} weights of ${count(weights)} numbers from ${taken} tensors of ${from}${names}${left}`;
}

function unmergedText({ unmerged }: Imported, seed: number): string {
  const blocks = unmerged.length === 1 ? "1 block" : `${unmerged.length} blocks`;
  return `unmerged ${blocks}: the other branches begin by seed ${seed}, one in each takes what they leave`;
}

function count(weights: HostWeights): string {
  const numbers = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  return numbers.toLocaleString("en-US");
}
