import { Command } from "commander";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Dataset } from "../../runtime/data/index.ts";
import { addBackendOptions, openChosenBackend, type BackendChoice } from "../backend-options.ts";
import { summarize } from "../demo/summary.ts";
import { filesIn } from "../files.ts";
import { stagesOn } from "../progress-bar.ts";
import { packageRoot, packageVersion } from "../package-root.ts";
import { requireResults } from "../results/require-results.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "../whole-number.ts";

export interface DemoOptions extends BackendChoice {
  readonly epochs: number;
  readonly bits: number;
  readonly seed: number;
  readonly images: number;
  readonly testImages: number;
  readonly resume?: boolean;
  readonly out: string;
}

export function demoCommand(session: Session): Command {
  const command = new Command("demo")
    .description(
      "Train, merge and deploy a small classifier on Fashion-MNIST, in floating point and at 4 bits.",
    )
    .option(
      "--epochs <n>",
      "passes over the training images, per training",
      wholeNumber(1, 1000),
      1,
    )
    .option("--bits <n>", "bits of weights and activations between the ends", wholeNumber(2, 8), 4)
    .option("--seed <n>", "of weights and order of images", wholeNumber(0, 2 ** 31 - 1), 1)
    .option(
      "--images <n>",
      "train on the first n of 60,000 images",
      wholeNumber(64, 60_000),
      20_000,
    )
    .option(
      "--test-images <n>",
      "test on the first n of 10,000 images",
      wholeNumber(1, 10_000),
      10_000,
    )
    .option("--resume", "go on where an earlier demo in the same folder was stopped")
    .option("--out <folder>", "where weights and ONNX files go", "repqc-demo");
  return addBackendOptions(command, "auto").action(async (options: DemoOptions) =>
    session.end(await demo(options, session)),
  );
}

/** Runs the demo. @returns the exit code */
export async function demo(
  options: DemoOptions,
  session: Pick<Session, "terminal">,
): Promise<number> {
  const { withRuntimeMistakes } = await import("../runtime-mistake.ts");
  return withRuntimeMistakes(() => runStages(options, session));
}

async function runStages(
  options: DemoOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const files = filesIn(terminal.folder);
  const { packageFolder } = await import("../package-folder.ts");
  const sources = { "the images": packageFolder("fashion-mnist") };
  requireResults(terminal.folder, [join(options.out, "table.txt")], sources);
  files.ensureFolder(options.out);
  const { planDemo } = await import("../demo/plan.ts");
  const plan = planDemo(terminal.folder, options.bits, options.epochs);
  await openChosenBackend(options, terminal.writeError, Math.min(4, availableParallelism()));
  const [{ runDemo }, data] = await Promise.all([import("../demo/run-demo.ts"), loadData(options)]);
  const stages = stagesOn(terminal.writeError, process.stderr.isTTY === true);
  const { fileHost } = await import("../file-host.ts");
  const { Stopped } = await import("../demo/train-stage.ts");
  const signal = stopOnInterrupt(stages.close);
  const world = {
    ...data,
    checkpoints: {
      host: fileHost(terminal.folder),
      folder: join(options.out, "checkpoints"),
      everySteps: 100,
    },
    isResuming: options.resume === true,
    signal,
    seed: options.seed,
    generator: `repqc ${packageVersion()}`,
    begin: stages.begin,
    write: (name: string, content: string | Uint8Array) =>
      files.write(join(options.out, name), content),
  };
  try {
    const report = summarize(await runDemo(plan, world), options);
    terminal.write(report);
    files.write(join(options.out, "table.txt"), report);
    return 0;
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    terminal.writeError("Stopped. The same command with --resume goes on from here.\n");
    return interrupted;
  } finally {
    stages.close();
  }
}

/** Exit code of a program that Ctrl-C ended. */
const interrupted = 130;

/** The first Ctrl-C lets the present step end and saves it; a second one ends the process. */
function stopOnInterrupt(giveTerminalBack: () => void): AbortSignal {
  const stop = new AbortController();
  process.on("SIGINT", () => {
    if (!stop.signal.aborted) return stop.abort();
    giveTerminalBack();
    process.exit(interrupted);
  });
  return stop.signal;
}

async function loadData({
  images,
  testImages,
}: DemoOptions): Promise<{ training: Dataset; test: Dataset }> {
  const { firstImages, readFashionMnist } = await import("../../runtime/data/index.ts");
  const { fileHost } = await import("../file-host.ts");
  const { packageFolder } = await import("../package-folder.ts");
  const { training, test } = await readFashionMnist(
    fileHost(packageRoot),
    packageFolder("fashion-mnist"),
  );
  return { training: firstImages(training, images), test: firstImages(test, testImages) };
}
