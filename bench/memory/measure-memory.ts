import { grouped, renderTable } from "../../cli/table.ts";
import { openBackend } from "../../runtime/backends/index.ts";
import { firstImages } from "../../runtime/data/index.ts";
import type { BenchOptions } from "../options.ts";
import { readClothes } from "../results/classify.ts";
import { usualSettings } from "../results/settings.ts";
import { compileSpec } from "../verdicts/compile-spec.ts";
import { slopeOf } from "./growth.ts";
import { sampler, type Sample } from "./sample.ts";
import { sampleTraining } from "./sampled-training.ts";

const models = ["TinyRepVGG", "TinyDBB"] as const;

const columns = [
  ["tensors", ({ tensors }: Sample) => tensors],
  ["tensors, bytes", ({ tensorBytes }: Sample) => tensorBytes],
  ["engine, KiB", ({ engineBytes }: Sample) => engineBytes / 1024],
  ["objects, KiB", ({ heapBytes }: Sample) => heapBytes / 1024],
  ["process, KiB", ({ processBytes }: Sample) => processBytes / 1024],
] as const;

const rowsPerTable = 10;
const samplesPerRow = 10;

/**
 * What training holds over many steps (10,000 unless told), as `repqc train` takes them: RepQ with 4 bits and the statistics of the batch. The last row is the
 * slope through the samples of the second half, where everything that is made once is there.
 */
export async function measureMemory({ backend: name, steps }: BenchOptions): Promise<void> {
  // Nothing here is large enough to be shared among threads.
  const backend = await openBackend(name, { threads: 1 });
  console.log(`${backend.describe()}; garbage collected before each sample`);
  const { training, test } = await readClothes(usualSettings);
  const data = { training: firstImages(training, 2_000), test: firstImages(test, 100) };
  const takeSample = sampler(backend.memory);
  const sampleEvery = Math.max(1, Math.floor(steps / (rowsPerTable * samplesPerRow)));
  for (const entry of models) {
    const policy = { call: "RepQ(4)", spec: "repq:quant/uniform" };
    const program = compileSpec({ spec: "bench/memory/memory.repq", entry, policy });
    const started = performance.now();
    const samples = await sampleTraining({ program, data, steps, sampleEvery, takeSample });
    const seconds = (performance.now() - started) / 1e3;
    console.log();
    console.log(renderSamples(`${entry}, ${seconds.toFixed(0)} s`, samples));
  }
}

function renderSamples(title: string, samples: readonly Sample[]): string {
  const rows = samples
    .filter((_, index) => (index + 1) % samplesPerRow === 0)
    .map((sample) => [
      `after ${grouped(sample.step)} steps`,
      ...columns.map(([, read]) => grouped(Math.round(read(sample)))),
    ]);
  const later = samples.slice(Math.floor(samples.length / 2));
  const growth = columns.map(([, read]) => {
    const slope = 1_000 * slopeOf(later.map((sample) => [sample.step, read(sample)]));
    return `${slope < 0 ? "" : "+"}${slope.toFixed(1)}`;
  });
  const header = [title, ...columns.map(([name]) => name)];
  return renderTable(header, [...rows, ["growth per 1,000 steps, second half", ...growth]]);
}
