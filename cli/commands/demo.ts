import { Command } from "commander";
import { availableParallelism } from "node:os";
import type { Dataset } from "../../runtime/data/index.ts";
import { summarize } from "../demo/summary.ts";
import { filesIn } from "../files.ts";
import { beginStage } from "../progress-bar.ts";
import { packageRoot, packageVersion } from "../package-root.ts";
import type { Session } from "../session.ts";
import { wholeNumber } from "../whole-number.ts";

export interface DemoOptions {
  readonly epochs: number;
  readonly bits: number;
  readonly seed: number;
  readonly images: number;
  readonly testImages: number;
  readonly out: string;
  readonly backend: string;
  readonly threads?: number;
}

export function demoCommand(session: Session): Command {
  return new Command("demo")
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
    .option("--out <folder>", "where weights and ONNX files go", "repqc-demo")
    .option("--backend <name>", "wasm, cpu, tensorflow or webgpu", "wasm")
    .option("--threads <n>", "threads of the wasm backend", wholeNumber(1, 64))
    .action(async (options: DemoOptions) => session.end(await demo(options, session)));
}

/** Runs the demo. @returns the exit code */
export async function demo(
  options: DemoOptions,
  session: Pick<Session, "terminal">,
): Promise<number> {
  const { withRuntimeMistakes } = await import("../runtime-mistake.ts");
  return withRuntimeMistakes("Fashion", () => runStages(options, session));
}

async function runStages(
  options: DemoOptions,
  { terminal }: Pick<Session, "terminal">,
): Promise<number> {
  const files = filesIn(terminal.folder);
  files.ensureFolder(options.out);
  const { planDemo } = await import("../demo/plan.ts");
  const plan = planDemo(terminal.folder, options.bits, options.epochs);
  const { openBackend } = await import("../../runtime/backends/index.ts");
  const backend = await openBackend(options.backend, {
    threads: options.threads ?? Math.min(4, availableParallelism()),
  });
  const [{ runDemo }, data] = await Promise.all([import("../demo/run-demo.ts"), loadData(options)]);
  terminal.writeError(`${backend.describe()}\n`);
  const isInteractive = process.stderr.isTTY === true;
  const rows = await runDemo(plan, {
    ...data,
    seed: options.seed,
    generator: `repqc ${packageVersion()}`,
    begin: (name) => beginStage(name, terminal.writeError, isInteractive),
    write: (name, content) => files.write(`${options.out}/${name}`, content),
  });
  const report = summarize(rows, options);
  terminal.write(report);
  files.write(`${options.out}/table.txt`, report);
  return 0;
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
