/** A process that measures one engine: `node engine-process.js NAME THREADS BATCH`; it runs a round for every line it is sent. */
import { createInterface } from "node:readline";
import { prepareStep } from "../../cli/doctor/training-step.ts";
import { BackendUnavailable, openBackend, type Backend } from "../../runtime/backends/index.ts";
import { tf } from "../../runtime/tensors.ts";
import { compileBenchBlock } from "../compile-block.ts";
import { chooseImages } from "./choose-images.ts";
import type { Message } from "./messages.ts";
import { peak, type Workload, workloads } from "./workloads.ts";

const [name = "", threads = "1", batch = "32"] = process.argv.slice(2);

type Measure = () => Promise<number>;

await main();

async function main(): Promise<void> {
  let backend: Backend;
  try {
    backend = await openBackend(name, { threads: Number(threads) });
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    say({ kind: "absent", reason: error.reason });
    process.exit(0);
  }
  const images = await chooseImages(Number(batch), async (some) => {
    const { run } = await prepareWorkload(workloads[0]!, backend, some);
    return run();
  });
  const measures = await prepare(backend, images);
  const isSoftwareGpu = backend.device === "software gpu";
  say({ kind: "ready", engine: backend.describe(), isSoftwareGpu, images });
  for await (const _ of createInterface({ input: process.stdin })) {
    const times: Record<string, number> = {};
    for (const [what, measure] of measures) times[what] = await measure();
    say({ kind: "round", times });
  }
  process.exit(0);
}

function say(message: Message): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function prepareWorkload({ form, side, channels }: Workload, { memory }: Backend, images: number) {
  const policy = form === "branches" ? "Branches" : "Merge";
  const program = compileBenchBlock({ block: "RepVGG", policy }, side, channels);
  return prepareStep(program, images, memory);
}

async function prepare(backend: Backend, images: number): Promise<ReadonlyMap<string, Measure>> {
  const measures = new Map<string, Measure>([[peak.name, preparePeak(images)]]);
  for (const workload of workloads) {
    measures.set(workload.name, (await prepareWorkload(workload, backend, images)).run);
  }
  // The first time, kernels are compiled and weights packed.
  for (const measure of measures.values()) await measure();
  return measures;
}

function preparePeak(images: number): Measure {
  const { side, channels } = peak;
  const x = tf.randomNormal<tf.Rank.R4>([images, side, side, channels]);
  const kernel = tf.randomNormal<tf.Rank.R4>([3, 3, channels, channels]);
  return async () => {
    const start = performance.now();
    // A few numbers of it: reading all of them is no convolution.
    const corner = tf.tidy(() =>
      tf.slice(tf.conv2d(x, kernel, 1, "same"), [0, 0, 0, 0], [1, 1, 1, 1]),
    );
    await corner.data();
    corner.dispose();
    return performance.now() - start;
  };
}
