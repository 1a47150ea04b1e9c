import { renderTable } from "../cli/table.ts";
import { openBackend } from "../runtime/backends/index.ts";
import { convMoments } from "../runtime/primitives/conv-moments.ts";
import { estimatedMoments } from "../runtime/primitives/estimated-moments.ts";
import { firstImages } from "../runtime/primitives/first-images.ts";
import { moments, type Moments } from "../runtime/primitives/moments.ts";
import { sampleLattice } from "../runtime/primitives/sample-lattice.ts";
import { tf } from "../runtime/tensors.ts";
import { median } from "./median.ts";
import type { BenchOptions } from "./options.ts";

const sizes = [
  { batch: 8, side: 32, channels: 16 },
  { batch: 32, side: 14, channels: 32 },
  { batch: 32, side: 7, channels: 64 },
] as const;

const trials = 8;
const geometry = { stride: 1, pads: [1, 1, 1, 1], groups: 1 } as const;

type Measure = (x: tf.Tensor, kernel: tf.Tensor, trial: number) => Moments;

const modes: readonly (readonly [name: string, measure: Measure])[] = [
  ["estimated", estimate],
  ["sampled(lattice: 2)", onLattice(2)],
  ["sampled(lattice: 4)", onLattice(4)],
  ["sampled(lattice: 8)", onLattice(8)],
  ["sampled(images: 1/8)", (x, kernel) => convMoments(firstImages(x, 1 / 8), kernel, geometry)],
];

function estimate(x: tf.Tensor, kernel: tf.Tensor): Moments {
  const { mean, variance } = moments(x);
  return estimatedMoments(mean, variance, kernel, 1);
}

function onLattice(lattice: number): Measure {
  const windows = { stride: 1, pads: geometry.pads, size: [3, 3], folds: false } as const;
  return (x, kernel, trial) => {
    const sample = sampleLattice(x, windows, lattice, trial, "");
    return convMoments(sample, kernel, { stride: lattice, pads: [0, 0, 0, 0], groups: 1 });
  };
}

/** How far the statistics modes are from the batch's own mean and variance, of smooth, correlated, rectified maps under random 3x3 kernels. */
export async function measureStatisticsError(options: BenchOptions): Promise<void> {
  await openBackend(options.backend, { threads: options.threads });
  console.log("median error of the deviation in %, and of the mean in deviations");
  const columns = sizes.map(
    ({ batch, side, channels }) => `${batch} of ${side}x${side}x${channels}`,
  );
  const rows: string[][] = [];
  for (const [name, measure] of modes) {
    const cells: string[] = [];
    for (const size of sizes) cells.push(await errorText(size, measure));
    rows.push([name, ...cells]);
  }
  console.log(renderTable(["statistics", ...columns], rows));
}

async function errorText(size: (typeof sizes)[number], measure: Measure): Promise<string> {
  const [ofDeviation, ofMean] = [[], []] as [number[], number[]];
  for (let trial = 0; trial < trials; trial++) {
    const errors = tf.tidy(() => errorsOf(size, measure, trial));
    ofDeviation.push(...(await errors.ofDeviation.data()));
    ofMean.push(...(await errors.ofMean.data()));
    tf.dispose(errors);
  }
  return `${(100 * median(ofDeviation)).toFixed(1)} / ${median(ofMean).toFixed(3)}`;
}

/** Per channel: of the deviation, relative to it; of the mean, in deviations. */
function errorsOf(size: (typeof sizes)[number], measure: Measure, trial: number) {
  const x = smoothMaps(size, trial);
  const { channels } = size;
  const kernel = tf.randomNormal([3, 3, channels, channels], 0, 1, "float32", 100 + trial);
  const truth = convMoments(x, kernel, geometry);
  const found = measure(x, kernel, trial);
  const deviation = tf.sqrt(truth.variance);
  return {
    ofDeviation: tf.abs(tf.sub(tf.div(tf.sqrt(found.variance), deviation), 1)),
    ofMean: tf.abs(tf.div(tf.sub(found.mean, truth.mean), deviation)),
  };
}

/** Noise, twice averaged over neighbours, its channels mixed, rectified. */
function smoothMaps({ batch, side, channels }: (typeof sizes)[number], seed: number): tf.Tensor {
  const noise = tf.randomNormal<tf.Rank.R4>([batch, side, side, channels], 0, 1, "float32", seed);
  const average = (x: tf.Tensor4D) => tf.avgPool(x, 3, 1, "same");
  const mixing = tf.randomNormal<tf.Rank.R4>(
    [1, 1, channels, channels],
    0,
    1,
    "float32",
    50 + seed,
  );
  return tf.relu(tf.conv2d(average(average(noise)), mixing, 1, "same"));
}
